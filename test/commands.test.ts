/** The commands beside `serve`, as a person types them. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as z from "zod";
import { freePort, startChildServer, type ChildServer } from "../src/child-server.ts";
import { COMPLETION, ENRICHMENT, rangeOf, startLedger, until, type Receiver } from "./main-path-setup.ts";
import { bankbell, newFolder, outcomeOf, removeFolder, ROOT, run, type Outcome } from "./start-setup.ts";
import { statement } from "./statements/catalogue.ts";

let server: ChildServer;
let receiver: Receiver;
let folder: string;

before(async () => {
  server = await startChildServer();
  receiver = await startLedger({ secret: server.keys.webhookSecret });
  await server.client.updateWebhook(receiver.url);
  folder = await newFolder();
});
after(async () => {
  await receiver.close();
  await server.stop();
  await removeFolder(folder);
});

/** Beside the running server, on its data. */
async function command(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const PORT = new URL(server.url).port;
  const settings = { BANKBELL_DATA_DIR: server.dataDir, BANKBELL_LOG_LEVEL: "warn", PORT };
  return outcomeOf(bankbell(args, { env: { ...settings, ...env } }));
}

async function processed(): Promise<string> {
  const range = rangeOf("2024-01-01", "2024-01-31");
  const { session_id } = await server.client.createSession({ link_id: "c-1", ...range });
  const { bytes } = await statement("kotak-january");
  await server.client.upload({ session_id, file: bytes });
  await server.client.initiateProcessing(session_id);
  await receiver.accepted(session_id, ENRICHMENT);
  return session_id;
}

test("backup and restore: another data folder answers the same", async () => {
  const sessionId = await processed();
  const file = join(folder, "bankbell.backup");
  const saved = await command(["backup", file]);
  assert.equal(saved.code, 0, saved.stderr);
  assert.match(saved.stdout, /: \d+ rows of \d+ tables\./);

  const other = join(folder, "restored");
  // Without the old key it says what is to be done; the data is there already.
  const restored = await command(["restore", file], { BANKBELL_DATA_DIR: other });
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(restored.stdout, /^Restored \d+ rows of \d+ tables\./);
  assert.match(restored.stderr, /master key does not open it: copy master\.key/);
  await cp(join(server.dataDir, "master.key"), join(other, "master.key"));
  await cp(join(server.dataDir, "files"), join(other, "files"), { recursive: true });

  const again = { url: `http://localhost:${await freePort()}`, keys: server.keys, dataDir: other };
  const second = await startChildServer({ again });
  try {
    assert.deepEqual(await second.client.status(sessionId), await server.client.status(sessionId));
    assert.deepEqual(
      await second.client.transactions(sessionId),
      await server.client.transactions(sessionId),
    );
    assert.ok(!second.printed().includes("sandbox keys"));
  } finally {
    await second.stop();
  }
  const full = await command(["restore", file]);
  assert.equal(full.code, 1, "a database that has rows is not restored into");
  assert.notEqual(full.stderr, "");
});

test("doctor: all is well", async () => {
  const { code, stdout, stderr } = await command(["doctor"]);
  assert.equal(code, 0, stdout + stderr);
  const lines = stdout.trim().split("\n");
  assert.ok(
    lines.every((line) => line.startsWith("✓ ")),
    stdout,
  );
  for (const said of [
    /^✓ Node v26\.\d+\.\d+, configuration without faults$/m,
    /^✓ Data folder .*: \d+ MB free$/m,
    /^✓ Bankbell is running on port \d+$/m,
    /^✓ PostgreSQL 18\.\d+, schema up to date$/m,
    /^✓ The master key opens 1 environment$/m,
    /^✓ \d+ deliver(y|ies) waiting/m,
  ]) {
    assert.match(stdout, said);
  }
});

test("doctor: another master key, and a port that another program has", async () => {
  const BANKBELL_MASTER_KEY = randomBytes(32).toString("base64");
  const other = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  assert.ok(typeof address === "object" && address);
  const PORT = String(address.port);
  const { code, stdout } = await command(["doctor"], { BANKBELL_MASTER_KEY, PORT });
  other.close();
  assert.equal(code, 1);
  assert.match(stdout, /^✗ The master key is not the one this database was encrypted with/m);
  assert.match(stdout, new RegExp(`^✗ Port ${PORT} is taken by another program: set PORT$`, "m"));
});

for (const type of [ENRICHMENT, COMPLETION]) {
  test(`trigger ${type} is delivered like any other`, async () => {
    const { code, stdout, stderr } = await command(["trigger", type]);
    assert.equal(code, 0, stderr);
    const id = /^(evt_\w{22}) is on its way to one endpoint of the sandbox\.\n$/.exec(stdout)?.[1];
    const delivery = await until("the sample", () => receiver.deliveries.find((one) => one.id === id));
    assert.equal(delivery.body.event_name, type);
    receiver.assertAllVerified();
  });
}

test("migrate beside a running server", async () => {
  const { code, stdout } = await command(["migrate"]);
  assert.deepEqual([code, stdout], [0, "The schema is up to date.\n"]);
});

test("trigger and migrate on an empty folder", async () => {
  const empty = { BANKBELL_DATA_DIR: join(folder, "empty") };
  const migrated = await command(["migrate"], empty);
  assert.equal(migrated.code, 0, migrated.stderr);
  assert.match(migrated.stdout, /^Applied 0001_/);
  const triggered = await command(["trigger", ENRICHMENT], empty);
  assert.deepEqual([triggered.code, triggered.stdout], [1, ""]);
  assert.equal(triggered.stderr, "There is no sandbox yet: the first `npm start` makes it.\n");
});

test("examples/statement.pdf is what the generator makes", async () => {
  const { bytes } = await statement("hdfc-3-months");
  assert.ok(bytes.equals(await readFile(join(ROOT, "examples", "statement.pdf"))));
});

/** What of extract's JSON is compared piece by piece; the rest is compared whole. */
const extracted = z.looseObject({
  transactions: z.array(z.unknown()),
  verification: z.strictObject({
    status: z.string(),
    breaks: z.array(z.unknown()),
    totals: z.array(
      z.looseObject({
        kind: z.string(),
        printed: z.union([z.string(), z.number()]),
        computed: z.union([z.string(), z.number()]),
      }),
    ),
  }),
});

test("npm run bankbell -- extract, from another folder, with a relative path", async () => {
  const args = ["--prefix", ROOT, "run", "-s", "bankbell", "--", "extract", "statement.pdf"];
  const { code, stdout, stderr } = await outcomeOf(
    run("npm", [...args, "--format", "json"], { cwd: join(ROOT, "examples") }),
  );
  assert.equal(code, 0, stderr);
  const truth = (await statement("hdfc-3-months")).truth.statements[0];
  assert.ok(truth);
  const [found, ...others] = z.array(extracted).parse(JSON.parse(stdout));
  assert.ok(found && others.length === 0);
  const { ifsc: _, micr: __, transactions, verification, ...facts } = truth;
  const { transactions: rows, verification: verdict, ...said } = found;
  assert.deepEqual(said, { file: "statement.pdf", ...facts });
  const truths = transactions.map((row) => Object.assign({}, row, { proof: "chain" }));
  assert.deepEqual(rows, truths);
  assert.deepEqual([verdict.status, verdict.breaks], ["proven", []]);
  const byKind = (a: { kind: string }, b: { kind: string }) => a.kind.localeCompare(b.kind);
  assert.deepEqual(
    verdict.totals.map(({ kind, printed, computed }) => ({ kind, printed, computed })).sort(byKind),
    verification.totals
      .map(({ kind, printed }) => {
        const value = kind.endsWith("_count") ? Number(printed) : printed;
        return { kind, printed: value, computed: value };
      })
      .sort(byKind),
  );
});

const WRONG: readonly (readonly string[])[] = [
  [],
  ["frobnicate"],
  ["serve", "now"],
  ["serve", "--roles", ""],
  ["migrate", "now"],
  ["backup"],
  ["backup", "a", "b"],
  ["restore"],
  ["extract"],
  ["extract", "a.pdf", "--format", "xml"],
  ["extract", "--colour", "a.pdf"],
  ["listen", "--port", "many"],
  ["trigger"],
  ["trigger", "NOTHING"],
  ["demo", "now"],
  ["doctor", "now"],
];

test("wrong usage is 2, shows how, and touches nothing", async () => {
  const untouched = join(folder, "untouched");
  // Three at once: each start of Node takes a third of a second.
  for (let at = 0; at < WRONG.length; at += 3) {
    const outcomes = WRONG.slice(at, at + 3).map(async (args) => {
      const { code, stdout, stderr } = await command(args, { BANKBELL_DATA_DIR: untouched });
      assert.deepEqual([args, code, stdout], [args, 2, ""]);
      assert.match(stderr, /Usage: bankbell|bankbell serve/, args.join(" "));
    });
    await Promise.all(outcomes);
  }
  await assert.rejects(readFile(join(untouched, "master.key")), { code: "ENOENT" });
});

test("help is 0; a file that is not there is 1", async () => {
  const help = await command(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /bankbell extract FILE…/);
  const missing = await command(["extract", "nowhere.pdf"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /nowhere\.pdf/);
});

test("demo tells the whole story and ends with 0 in time", async () => {
  const began = performance.now();
  const { code, stdout, stderr } = await outcomeOf(run("npm", ["run", "-s", "demo"]));
  const seconds = (performance.now() - began) / 1000;
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /signature verified/);
  assert.match(stdout, /"event_name": "ENRICHMENT_NOTIFICATION"/);
  assert.match(stdout, /84 transactions, 84 of them proven/);
  assert.match(stdout, /report: a workbook of \d+ kB/);
  assert.ok(seconds < 15, `${seconds} s`);
});
