import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";

const RUN = join(import.meta.dirname, "run.mjs");

/** Detached: a group of its own, which no terminal's keys go to. */
function run(script: string, env: Record<string, string> = {}): ChildProcess {
  const { INIT_CWD: _, npm_lifecycle_event: __, ...rest } = process.env;
  return spawn(process.execPath, [RUN, "--eval", script], {
    detached: true,
    cwd: "/",
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function outcome(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, signal: child.signalCode, output };
}

test("runs the project's Node in the project's folder and passes its exit code on", async () => {
  const script = "process.stdout.write(process.version + ' ' + process.cwd()); process.exit(7)";
  const { code, output } = await outcome(run(script));
  assert.equal(code, 7);
  assert.equal(output, `${process.version} ${join(import.meta.dirname, "..")}`);
});

test("dies as its child died", async () => {
  const { code, signal } = await outcome(run("process.kill(process.pid, 'SIGKILL')"));
  assert.deepEqual([code, signal], [null, "SIGKILL"]);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`${signal} reaches the child once, which ends in its own time`, async () => {
    const child = run(`
      let n = 0;
      process.on("${signal}", () => { n++; setTimeout(() => { console.log(" signals " + n); process.exit(3); }, 50); });
      setInterval(() => {}, 1000);
      process.stdout.write("ready");`);
    assert.ok(child.stdout);
    const done = outcome(child);
    await once(child.stdout, "data");
    child.kill(signal);
    const { code, output } = await done;
    assert.equal(output.trim(), "ready signals 1");
    assert.equal(code, 3);
  });
}

test("the caller's folder is told to the command line only", async () => {
  const script = "process.stdout.write(String(process.env.INIT_CWD))";
  const npm = (npm_lifecycle_event: string) => run(script, { npm_lifecycle_event, INIT_CWD: "/home" });
  assert.equal((await outcome(npm("bankbell"))).output, "/home");
  assert.equal((await outcome(npm("test"))).output, "undefined");
  assert.equal((await outcome(run(script))).output, "/");
});
