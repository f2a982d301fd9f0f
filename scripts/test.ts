/**
 * `npm test`: every check in turn, then every test; `npm test -- FILE…`: those test files only.
 * A check that fails does not keep the others from running; the exit code is 1 when any failed.
 * node:test's summary closes the output.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

interface Check {
  name: string;
  /** For the project's Node. */
  args: string[];
}

const root = join(import.meta.dirname, "..");

const CHECKS: Check[] = [
  { name: "lint", args: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types", args: ["node_modules/typescript/bin/tsc"] },
  { name: "types of the web pages", args: ["node_modules/typescript/bin/tsc", "-p", "web"] },
  { name: "format", args: ["node_modules/oxfmt/bin/oxfmt", "--check"] },
  { name: "schema", args: ["scripts/schema.ts", "--check"] },
  { name: "store on PostgreSQL 15", args: ["scripts/store-on-15.ts"] },
];
/** Some of the checks colour their words in CI even where nobody sees colours. */
const ENV = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" };
/**
 * Node leaves one processor idle otherwise. A third of a test is waiting, but with three files on two processors tests of
 * leases and of commands that must end in time did not hold.
 */
const AT_ONCE = availableParallelism();
/** A test that hangs is to fail, not to hold up everything. */
const TEST_TIMEOUT_MS = 120_000;
const TESTS = ["src/**/*.test.ts", "test/**/*.test.ts", "sdk/**/*.test.ts", "scripts/**/*.test.ts"];

async function main(): Promise<number> {
  const files = process.argv.slice(2);
  const failed: string[] = [];
  if (files.length === 0) {
    for (const check of CHECKS) {
      if (!(await passes(check))) failed.push(check.name);
    }
  }
  const wanted = files.length === 0 ? globSync(TESTS, { cwd: root }).sort() : files;
  if (failed.length > 0) process.stdout.write(`✖ failed before the tests: ${failed.join(", ")}\n`);
  const flags = [`--test-timeout=${TEST_TIMEOUT_MS}`, `--test-concurrency=${AT_ONCE}`];
  const tests = await run(["--test", ...flags, ...wanted], "inherit");
  return failed.length > 0 || tests.code !== 0 ? 1 : 0;
}

/** Runs a check and says one line, and all that it printed when it failed or had something to say. */
async function passes({ name, args }: Check): Promise<boolean> {
  const began = performance.now();
  const { code, output } = await run(args, "pipe");
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "✔" : "✖"} ${name} (${seconds} s)\n`);
  if (code !== 0 || output.startsWith("skipped")) process.stdout.write(output);
  return code === 0;
}

function run(args: string[], stdio: "inherit" | "pipe"): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", stdio, stdio], env: ENV });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

process.exitCode = await main();
