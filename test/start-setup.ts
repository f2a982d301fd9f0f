/** What the tests of the command line share: commands as a person types them, in folders of their own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "./main-path-setup.ts";

const LONGEST_MS = 90_000;
export const ROOT = join(import.meta.dirname, "..");

export interface Run {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The exit code, null after a signal. */
  ended: Promise<number | null>;
  /** Resolves when it has printed this to stdout; throws when it ends or dallies before. */
  says(text: string): Promise<void>;
  /** To the whole group where it still runs, as the terminal's Ctrl-C. */
  interrupt(): void;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
}

/** Any program, in a process group of its own, with no settings of ours but those given. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Run {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, TMPDIR, LANG, ...options.env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = Promise.race([once(child, "close").then(() => child.exitCode), tooLong(child)]);
  // Whoever does not wait for it does not want to hear of it.
  ended.catch(() => undefined);
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    says: async (text) => {
      await until(JSON.stringify(text), () => {
        if (stdout.includes(text)) return true;
        if (child.exitCode === null && child.signalCode === null) return false;
        throw new Error(
          `It ended with ${child.exitCode} without ${JSON.stringify(text)}: ${stdout}${stderr}`,
        );
      });
    },
    interrupt: () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-child.pid, "SIGINT");
    },
  };
}

/** A program that hangs is to fail its test, and to be gone. */
async function tooLong(child: ChildProcess): Promise<never> {
  await pause(LONGEST_MS, undefined, { ref: false });
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  throw new Error(`${child.spawnargs.join(" ")} did not end within ${LONGEST_MS / 1000} s.`);
}

/** `node src/main.ts …` with the Node that runs the tests. */
export const bankbell = (args: readonly string[], options: RunOptions = {}): Run =>
  run(process.execPath, [join(ROOT, "src", "main.ts"), ...args], options);

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export async function outcomeOf(started: Run): Promise<Outcome> {
  const code = await started.ended;
  return { code, stdout: started.stdout(), stderr: started.stderr() };
}

export async function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "bankbell-start-"));
}

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
