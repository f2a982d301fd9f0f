/** Starts that cannot be: each says what is wrong and what to do, ends with 1, and harms nobody else. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { freePort, startChildServer, type ChildServer } from "../src/child-server.ts";
import { postmasterOf } from "./main-path-setup.ts";
import { bankbell, newFolder, outcomeOf, removeFolder, run, type Outcome } from "./start-setup.ts";

let server: ChildServer;
let folder: string;

/** A shell would read them otherwise than they stand there. */
const ODD_KEYS = {
  BANKBELL_API_KEY: `it's-"$HOME"-\`key\``,
  BANKBELL_SERVER_HASH: `a\\b'c!#;&-hash`,
};

before(async () => {
  server = await startChildServer({ env: ODD_KEYS });
  folder = await newFolder();
});
after(async () => {
  await server.stop();
  await removeFolder(folder);
});

async function serve(env: Record<string, string>, args: string[] = []): Promise<Outcome> {
  const PORT = String(await freePort());
  return outcomeOf(bankbell(["serve", ...args], { env: { PORT, BANKBELL_DATA_DIR: folder, ...env } }));
}

const portOf = ({ url }: ChildServer): string => new URL(url).port;

test("a port that is taken by another program", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  assert.ok(typeof address === "object" && address);
  const PORT = String(address.port);
  const { code, stdout, stderr } = await serve({ PORT });
  other.close();
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr, `Port ${PORT} is taken by another program: stop that one, or set PORT.\n`);
});

test("a port that is taken, by a server with another folder: nothing is begun there", async () => {
  const { code, stdout, stderr } = await serve({ PORT: portOf(server) });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    `Bankbell is running on port ${portOf(server)} already: stop it first, or set PORT and BANKBELL_DATA_DIR.\n`,
  );
  // The keys of a first start are shown once: no start that fails here may use them up.
  assert.equal(postmasterOf(folder), null);
});

test("a port that is taken, by a server of the same folder: that one goes on", async () => {
  const pid = postmasterOf(server.dataDir);
  const { code, stderr } = await serve({ PORT: portOf(server), BANKBELL_DATA_DIR: server.dataDir });
  assert.equal(code, 1);
  assert.match(stderr, /^Bankbell is running on port \d+ already/);
  assert.equal(postmasterOf(server.dataDir), pid);
  const ready = await fetch(`${server.url}/readyz`);
  assert.equal(ready.status, 200);
});

test("another port, the same folder: two servers share the database, and the last to stop takes it along", async () => {
  const pid = postmasterOf(server.dataDir);
  const second = await startChildServer({
    again: { ...server, url: `http://localhost:${await freePort()}` },
  });
  await second.stop({ keepData: true });
  assert.equal(postmasterOf(server.dataDir), pid);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
});

test("every fault of the configuration at once", async () => {
  const { code, stdout, stderr } = await serve({
    PORT: "99999",
    DATABASE_URL: "http://user:hush@host/db",
    BANKBELL_MASTER_KEY: "short",
    BANKBELL_API_KEY: "two words",
    BANKBELL_WEBHOOK_SECRET: "whsec_",
    BANKBELL_ALLOW_NETWORKS: "10.0.0.0",
    BANKBELL_MAX_PAGES: "0",
    BANKBELL_LOG_LEVEL: "loud",
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  const [head = "", ...faults] = stderr.trim().split("\n");
  assert.equal(head, "The configuration has 8 faults:");
  const named = faults.map((fault) => /^- ([A-Z_]+) (is|lists) /.exec(fault)?.[1]);
  assert.equal(named.length, 8);
  const wanted = [
    "BANKBELL_ALLOW_NETWORKS",
    "BANKBELL_API_KEY",
    "BANKBELL_LOG_LEVEL",
    "BANKBELL_MASTER_KEY",
    "BANKBELL_MAX_PAGES",
    "BANKBELL_WEBHOOK_SECRET",
    "DATABASE_URL",
    "PORT",
  ];
  assert.deepEqual(new Set(named), new Set(wanted));
  assert.doesNotMatch(stderr, /hush|short|two words/, "what is secret is not repeated");
});

test("DATABASE_URL without a master key, and one that leads nowhere", async () => {
  const alone = await serve({ DATABASE_URL: "postgresql://nobody@127.0.0.1:9/none" });
  assert.equal(alone.code, 1);
  assert.match(alone.stderr, /BANKBELL_MASTER_KEY is required with DATABASE_URL/);
  const BANKBELL_MASTER_KEY = randomBytes(32).toString("base64");
  const nowhere = await serve({
    DATABASE_URL: "postgresql://nobody:hush@127.0.0.1:9/none",
    BANKBELL_MASTER_KEY,
    BANKBELL_LOG_LEVEL: "silent",
  });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /127\.0\.0\.1:9/);
  assert.doesNotMatch(nowhere.stderr, /hush/);
});

test("a HOST that this machine does not have", async () => {
  const { code, stderr } = await serve({ HOST: "192.0.2.1" });
  assert.equal(code, 1);
  assert.equal(stderr, "HOST 192.0.2.1 is not an address of this machine.\n");
});

test("wrong usage is 2 and shows how", async () => {
  const { code, stderr } = await serve({}, ["--roles", "http,juggler"]);
  assert.equal(code, 2);
  assert.equal(stderr, "Usage: bankbell serve [--roles http,jobs,deliveries]\n");
});

test("a master key that does not open the database", async () => {
  const BANKBELL_MASTER_KEY = randomBytes(32).toString("base64");
  const env = { BANKBELL_MASTER_KEY, BANKBELL_LOG_LEVEL: "silent", BANKBELL_DATA_DIR: server.dataDir };
  const { code, stdout, stderr } = await serve(env);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    "The master key is not the one this database was encrypted with: restore master.key or BANKBELL_MASTER_KEY.\n",
  );
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200, "the other server goes on");
});

test("keys that a shell would read otherwise still work as printed", async (t) => {
  const line = server
    .printed()
    .split("\n")
    .find((printed) => printed.startsWith("SESSION="));
  assert.ok(line);
  const script = `${line}\necho "$SESSION"`;
  const { code, stdout } = await outcomeOf(run("bash", ["-c", script], { env: ODD_KEYS }));
  if (code === 127) return t.skip("there is no curl");
  assert.match(stdout, /^[0-9a-f-]{36}\n$/);
});
