/** The package as its users get it: compiled, typed, and run by whatever Node they have. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";

const ROOT = join(import.meta.dirname, "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const OLDEST = 18;

let folder: string;
before(() => {
  // Where Node and TypeScript look for a package's name.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "bankbell-sdk-")));
  const installed = join(folder, "node_modules", "@bankbell", "sdk");
  mkdirSync(installed, { recursive: true });
  execFileSync(process.execPath, [TSC, "-p", "sdk", "--outDir", join(installed, "dist")], { cwd: ROOT });
  copyFileSync(join(import.meta.dirname, "package.json"), join(installed, "package.json"));
  symlinkSync(join(ROOT, "node_modules", "@types"), join(folder, "node_modules", "@types"));
  symlinkSync(join(ROOT, "node_modules", "undici-types"), join(folder, "node_modules", "undici-types"));
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The first Node on the PATH that is not this project's own, with its version. */
function systemNode(): { program: string; version: string } | null {
  for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
    const program = join(dir, "node");
    if (dir === "" || !existsSync(program) || realpathSync(program).startsWith(ROOT)) continue;
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return null;
}

const PROGRAM = `
import { createBankbellClient, verifyWebhook, WebhookVerificationError } from "@bankbell/sdk";
const { secret, headers, body } = JSON.parse(process.argv[2]);
const { id, event } = verifyWebhook(body, headers, secret);
let fault = null;
try {
  verifyWebhook(body + " ", headers, secret);
} catch (error) {
  if (error instanceof WebhookVerificationError) fault = error.fault;
}
const client = createBankbellClient({ baseUrl: "http://localhost:1", apiKey: "k", serverHash: "h" });
console.log(JSON.stringify({ id, event, fault, client: typeof client.upload }));
`;

test("the compiled package verifies a signature on the system's Node", (t) => {
  const node = systemNode();
  if (!node) return t.skip("no Node on the PATH but the project's own");
  if (Number(/^v(\d+)/.exec(node.version)?.[1]) < OLDEST)
    return t.skip(`the system's Node is ${node.version}; the package needs ${OLDEST}`);
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const body = '{"name":"Zoë"}';
  const now = new Date();
  const headers = {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    // Signed by the independent package.
    "webhook-signature": new Webhook(secret).sign("evt_1", now, body),
  };
  const program = join(folder, "verify.js");
  writeFileSync(program, PROGRAM);
  const given = JSON.stringify({ secret, headers, body });
  const { status, stdout, stderr } = spawnSync(node.program, [program, given], {
    encoding: "utf8",
    // Flags and loaders of this run are not the user's.
    env: { PATH: process.env["PATH"] },
  });
  assert.equal(status, 0, `${node.version}: ${stderr}`);
  assert.deepEqual(JSON.parse(stdout), {
    id: "evt_1",
    event: { name: "Zoë" },
    fault: "signature",
    client: "function",
  });
});

test("its types are found by name and are strict", () => {
  const compile = (line: string) => {
    const source = `import { createBankbellClient, verifyWebhook } from "@bankbell/sdk";
const client = createBankbellClient({ baseUrl: "http://localhost:1", apiKey: "k", serverHash: "h" });
export const id: string = verifyWebhook("", {}, "").id;
${line}
`;
    writeFileSync(join(folder, "user.ts"), source);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: "nodenext",
          target: "es2022",
          types: ["node"],
        },
        files: ["user.ts"],
      }),
    );
    const { status, stdout } = spawnSync(process.execPath, [TSC, "-p", folder], { encoding: "utf8" });
    return { status, stdout };
  };
  const good = compile('export const made = client.createSession({ link_id: "c" });');
  assert.equal(good.status, 0, good.stdout);
  const wrong = compile("export const made = client.createSession({ link_id: 1 });");
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stdout, /user\.ts.*'number' is not assignable to type 'string'/);
});
