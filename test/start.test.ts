/** The first start as a new user meets it: `npm start`, the printed lines pasted into bash, Ctrl-C, `npm start`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { freePort } from "../src/child-server.ts";
import { isPortFree } from "../src/port.ts";
import { postmasterOf } from "./main-path-setup.ts";
import { newFolder, outcomeOf, removeFolder, run, type Run } from "./start-setup.ts";

const LISTEN_PORT = 4567;
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

let dataDir: string;
let env: Record<string, string>;
let url: string;
let server: Run;

before(async () => {
  dataDir = await newFolder();
  const port = await freePort();
  url = `http://localhost:${port}`;
  env = { PORT: String(port), BANKBELL_DATA_DIR: dataDir };
  server = run("npm", ["start"], { env });
  await server.says("Bankbell is ready on");
});
after(async () => {
  // Where a test failed half way.
  server.interrupt();
  await server.ended;
  await removeFolder(dataDir);
});

const bash = (script: string) => outcomeOf(run("bash", ["-c", script]));

/** Ctrl-C, and nothing of it is left. */
async function stop(server: Run): Promise<void> {
  assert.notEqual(postmasterOf(dataDir), null);
  server.interrupt();
  await server.ended;
  assert.match(server.stderr(), /"msg":"stopped"/);
  assert.doesNotMatch(server.stderr(), /"level":(40|50|60)/, "no warning on the way");
  assert.equal(postmasterOf(dataDir), null, "PostgreSQL is stopped");
  assert.ok(await isPortFree("127.0.0.1", Number(env["PORT"])));
}

/** The printed lines; another port for the receiver only where this machine's is taken. */
async function printedLines(text: string): Promise<{ create: string; listen: string; story: string }> {
  const port = (await isPortFree("127.0.0.1", LISTEN_PORT)) ? LISTEN_PORT : await freePort();
  const other = port === LISTEN_PORT ? "" : ` --port ${port}`;
  const lines = text.split("\n").map((line) => line.replace(`:${LISTEN_PORT}/`, `:${port}/`));
  const listen = lines.find((line) => line.startsWith("npm run -s bankbell -- listen"));
  const [create = "", ...story] = lines.filter((line) => /^(curl|SESSION=|sleep)/.test(line));
  return { create, listen: `${listen}${other}`, story: story.join("\n") };
}

test("npm start: the printed lines work as printed, and the webhook arrives verified", async (t) => {
  if (!hasCurl) return t.skip("there is no curl");
  const { create, listen, story } = await printedLines(server.stdout());

  const created = await bash(create);
  assert.match(created.stdout, /^\{"session_id":"[0-9a-f-]{36}","redirect_url":"/);

  const receiver = run("bash", ["-c", `exec ${listen}`]);
  await receiver.says("Listening on");
  const { code, stdout } = await bash(story);
  assert.equal(code, 0);
  assert.match(stdout, /"message":"success"/, "the receiver is registered");
  assert.match(stdout, /"bank_name":"hdfc","masked_account_number":"X+\d{4}"/, "the statement is read");
  assert.match(stdout, /"account_status":"completed","error_code":null/, "session_status is read");
  const [link = ""] = /http:[^"]*\/files\/reports\/[^"]*/.exec(stdout) ?? [];
  assert.equal((await fetch(link)).status, 200, "the report's link opens");
  await receiver.says("ENRICHMENT_NOTIFICATION");
  await receiver.says('"account_status": "completed"');
  const webhooks = receiver.stdout();
  assert.equal(webhooks.match(/signature verified/g)?.length, 2, webhooks);
  assert.match(webhooks, /SESSION_REQUIREMENT_COMPLETION_NOTIFICATION[^]*ENRICHMENT_NOTIFICATION/);
  assert.doesNotMatch(webhooks, /NOT VERIFIED/);
  receiver.interrupt();
  await receiver.ended;
});

test("Ctrl-C stops everything; the next start prints no keys, and the first one's open it", async () => {
  const keys = keysIn(server.stdout());
  await stop(server);

  server = run("npm", ["start"], { env });
  await server.says("Bankbell is ready on");
  for (const secret of Object.values(keys)) assert.ok(!server.stdout().includes(secret));
  const path = `${url}/bank-connect/v1/session_data/00000000-0000-4000-8000-000000000000/progress/`;
  const { apiKey, serverHash } = keys;
  const known = await fetch(path, { headers: { "x-api-key": apiKey, "server-hash": serverHash } });
  assert.equal(known.status, 404, "the keys are good; there is no such session");
  await stop(server);
});

function keysIn(text: string): { apiKey: string; serverHash: string; secret: string } {
  const after = (label: string) => new RegExp(`${label} +(\\S+)\\n`).exec(text)?.[1] ?? "";
  const keys = {
    apiKey: after("API key"),
    serverHash: after("server hash"),
    secret: after("webhook secret"),
  };
  assert.match(keys.apiKey, /^bk_sandbox_\w{32}$/);
  assert.match(keys.serverHash, /^\w{40}$/);
  assert.match(keys.secret, /^whsec_/);
  return keys;
}
