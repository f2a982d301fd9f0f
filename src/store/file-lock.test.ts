import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { lock, tryLock } from "./file-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "bankbell-lock-"));
after(() => rmSync(folder, { recursive: true }));

test("exclusive excludes everybody, shared excludes exclusive", () => {
  const path = join(folder, "modes");
  const alone = tryLock(path, "exclusive");
  assert.ok(alone);
  assert.equal(tryLock(path, "shared"), undefined);
  assert.equal(tryLock(path, "exclusive"), undefined);
  alone.release();
  const [one, two] = [tryLock(path, "shared"), tryLock(path, "shared")];
  assert.ok(one && two);
  one.release();
  assert.equal(tryLock(path, "exclusive"), undefined);
  two.release();
  tryLock(path, "exclusive")?.release();
});

test("waits its turn, and says what stayed locked when it does not come", async () => {
  const path = join(folder, "turn");
  const first = tryLock(path, "exclusive");
  assert.ok(first);
  await assert.rejects(lock(path, "exclusive", 20), /turn stayed locked for 20 ms/);
  const waiting = lock(path, "exclusive");
  first.release();
  (await waiting).release();
});

test("dies with its holder", async () => {
  const path = join(folder, "holder");
  const module = join(import.meta.dirname, "file-lock.ts");
  const script = `const { tryLock } = await import(${JSON.stringify(module)});
    tryLock(process.argv[1], "exclusive"); console.log("held"); process.stdin.resume();`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  assert.equal(tryLock(path, "shared"), undefined);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const mine = tryLock(path, "exclusive");
  assert.ok(mine);
  mine.release();
});
