/** What the README promises in code runs, and what it lists is what there is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const body = '{"name":"Zoë","amount":"1,234.50"}';

const hasPython = spawnSync("python3", ["--version"]).status === 0;

test(
  "the Python verifier takes a true signature and refuses a false one",
  { skip: !hasPython && "no python3" },
  () => {
    const [, code = ""] = /```python\n(.*?)```/s.exec(readme) ?? [];
    const check = (text: string, age: number): string => {
      const sent = new Date(Date.now() - age * 1000);
      const headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": String(Math.floor(sent.getTime() / 1000)),
        "webhook-signature": `v1,AAAA ${new Webhook(secret).sign("evt_1", sent, body)}`,
      };
      const script = `${code}\nimport json, sys\nheaders, body, secret = json.load(sys.stdin)\nprint(verify(body.encode(), headers, secret))`;
      const run = spawnSync("python3", ["-c", script], {
        input: JSON.stringify([headers, text, secret]),
        encoding: "utf8",
      });
      return run.stdout.trim() || run.stderr;
    };
    assert.equal(check(body, 0), "True");
    assert.equal(check(body.replace("1", "2"), 0), "False");
    assert.equal(check(body, 3600), "False");
  },
);

test("every configuration variable has its row, and every row its variable", () => {
  const config = readFileSync(join(root, "src/config.ts"), "utf8");
  const read = new Set(Array.from(config.matchAll(/read\.\w+\("([A-Z_]+)"/g), ([, name]) => name));
  const [, table = ""] = /## Configuration\n(.*?)\n## /s.exec(readme) ?? [];
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  const listed = new Set(
    rows.flatMap((row) => Array.from((row.split("|")[1] ?? "").matchAll(/`([A-Z_]+)`/g), ([, name]) => name)),
  );
  assert.deepEqual(listed.symmetricDifference(read), new Set());
});

test("every command is named", () => {
  const main = readFileSync(join(root, "src/main.ts"), "utf8");
  const names = Array.from(main.matchAll(/^ {4}usage: "(\w+)/gm), ([, name]) => name ?? "");
  assert.ok(names.length >= 9);
  for (const name of names) assert.match(readme, new RegExp(`\`${name}\\b`), name);
});

test("every link into the repository leads somewhere", () => {
  for (const [, target = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    assert.ok(existsSync(join(root, target)), target);
  }
});
