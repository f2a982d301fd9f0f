/** Orion, the sandbox bank, as a child of the server: started beside it, restarted when it falls, stopped after it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Config } from "./config.ts";
import type { Log } from "./platform/telemetry.ts";
import { isPortFree } from "./port.ts";

export interface OrionProcess {
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, "..", "orion", "main.ts");
const STATE = "orion.sqlite";
const START_MS = 30_000;
const RESTART_MS = 1000;
const STOP_MS = 5000;

/**
 * Resolves when it is ready. An Orion that runs at that address already is used as it is. Null where something else has
 * the port or it does not start: the server is of use without it, and the log says so.
 */
export async function startOrionProcess(
  config: Pick<Config, "orionUrl" | "dataDir">,
  log: Log,
): Promise<OrionProcess | null> {
  const { hostname, port } = new URL(config.orionUrl);
  if (!(await isPortFree(hostname, Number(port)))) {
    if (await isOrion(config.orionUrl)) return { stop: async () => {} };
    log.warn({ port }, "no sandbox bank: its port is taken; BANKBELL_ORION_PORT names another");
    return null;
  }
  const env = {
    ...environment(),
    ORION_PORT: port,
    ORION_HOST: hostname,
    ORION_STATE: join(config.dataDir, STATE),
  };
  const keeper = keep(env, log);
  try {
    await keeper.ready;
    return keeper;
  } catch (error) {
    log.warn({ err: error }, "no sandbox bank: it did not start");
    await keeper.stop();
    return null;
  }
}

/** Of our environment only what a program needs to run. */
function environment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG, TZ, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, LANG, TZ, NODE_COMPILE_CACHE };
}

interface Keeper extends OrionProcess {
  /** Rejects where the first start fails. */
  ready: Promise<void>;
}

function keep(env: Record<string, string | undefined>, log: Log): Keeper {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let child = launch(env, log);
  const watch = (one: ChildProcess) =>
    one.once("exit", (code, signal) => {
      if (stopping) return;
      log.warn({ code, signal }, "the sandbox bank ended; it is started again");
      timer = setTimeout(() => {
        child = launch(env, log);
        watch(child);
      }, RESTART_MS).unref();
    });
  const ready = readyOf(child).then(() => void watch(child));
  return {
    ready,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await endOf(child);
    },
  };
}

/** Its log joins ours; it ends by itself when the channel to us breaks. */
function launch(env: Record<string, string | undefined>, log: Log): ChildProcess {
  const child = spawn(process.execPath, ["--max-semi-space-size=4", MAIN], {
    // Not of our process group: Ctrl-C is ours, and we stop it last.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env,
  });
  child.channel?.unref();
  if (child.stderr)
    createInterface({ input: child.stderr }).on("line", (line) => log.debug({ line }, "orion"));
  return child;
}

async function readyOf(child: ChildProcess): Promise<void> {
  const given = new AbortController();
  const late = AbortSignal.any([given.signal, AbortSignal.timeout(START_MS)]);
  try {
    const ended = once(child, "exit", { signal: late }).then(([code]: unknown[]) => {
      throw new Error(`It ended with ${String(code)}.`);
    });
    await Promise.race([once(child, "message", { signal: late }), ended]);
  } finally {
    given.abort();
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(late);
}

async function isOrion(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000), redirect: "error" });
    return answer.ok && (await answer.text()) === '{"status":"ok","bank":"orion"}';
  } catch {
    // Whatever does not speak HTTP is another program.
    return false;
  }
}
