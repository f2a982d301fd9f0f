/** The store's tests on PostgreSQL 15, the oldest server that DATABASE_URL may name. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join } from "node:path";
import { hasPostgres15, startPostgres15, whereToGetIt } from "./postgres15.ts";

async function main(): Promise<number> {
  if (!hasPostgres15()) return whereToGetIt();
  const cwd = join(import.meta.dirname, "..");
  const server = await startPostgres15();
  try {
    const files = globSync("src/store/**/*.test.ts", { cwd }).sort();
    const child = spawn(process.execPath, ["--test", "--test-timeout=60000", ...files], {
      cwd,
      env: { ...process.env, TEST_DATABASE_URL: server.url },
      stdio: ["ignore", "inherit", "inherit"],
    });
    await once(child, "exit");
    return child.exitCode ?? 1;
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
