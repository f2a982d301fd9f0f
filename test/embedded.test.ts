import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { startEmbedded, type EmbeddedPostgres } from "../src/store/embedded.ts";
import { canReach, currentIdentity, type Identity } from "../src/store/embedded-root.ts";
import { silentLog } from "../src/store/log.ts";

const isRoot = process.getuid?.() === 0;
const STARTER = join(import.meta.dirname, "harness", "start-embedded.ts");
const NOBODY = 65_534;

let parent: string;
let dataDir: string;
const toStop: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "bankbell-test-"));
  dataDir = join(parent, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  // Whoever was killed may have left one running: adopting it is the way to stop it.
  for (const database of toStop.splice(0)) await database.stop();
  rmSync(parent, { recursive: true, force: true });
});

async function start(folder = dataDir, identity?: Identity): Promise<EmbeddedPostgres> {
  const database = await startEmbedded({ dataDir: folder, log: silentLog, ...(identity && { identity }) });
  toStop.push(database);
  return database;
}

interface Started {
  child: ChildProcess;
  pid: number;
  adopted: boolean;
  socketDir: string;
}

function launch(user?: { uid: number; gid: number }): ChildProcess {
  const child = spawn(process.execPath, [STARTER, dataDir], {
    ...user,
    cwd: "/",
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function started(child: ChildProcess): Promise<Started> {
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) {
    return { child, ...(JSON.parse(line) as Omit<Started, "child">) };
  }
  throw new Error("the starter ended without a word");
}

async function kill9(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function stopChild(child: ChildProcess): Promise<number | null> {
  child.stdin?.write("stop\n");
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

async function query(socketDir: string, sql: string): Promise<unknown[]> {
  const client = new Client({ host: socketDir, user: "postgres", database: "postgres" });
  // The query rejects with the same.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`).length > 0;
const fill = (socketDir: string) => query(socketDir, "create table kept as select 42 as value");
const kept = (socketDir: string) => query(socketDir, "select value from kept");

test("starts below a 0700 folder, durable, in UTF-8, on a private socket only, and keeps its data", async () => {
  chmodSync(parent, 0o700);
  const first = await start();
  assert.equal(first.adopted, false);
  const settings = await query(
    first.socketDir,
    `select name || '=' || setting as value from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'server_encoding', 'data_checksums') order by 1`,
  );
  assert.deepEqual(settings, [
    "data_checksums=on",
    "fsync=on",
    "full_page_writes=on",
    "listen_addresses=",
    "server_encoding=UTF8",
    "synchronous_commit=on",
  ]);
  assert.deepEqual(
    await query(
      first.socketDir,
      "select concat(datlocprovider, ' ', datlocale) as value from pg_database where datname = 'postgres'",
    ),
    ["b C.UTF-8"],
  );
  assert.equal(statSync(first.socketDir).mode & 0o777, 0o700);
  await fill(first.socketDir);
  await first.stop();
  assert.equal(lives(first.pid()), false);
  assert.equal(existsSync(join(dataDir, "postgres", "postmaster.pid")), false);

  const second = await start();
  assert.equal(second.adopted, false);
  assert.deepEqual(await kept(second.socketDir), [42]);
});

test("a data folder's path may be longer than a socket's", async () => {
  const long = join(parent, "a-folder-with-a-long-name".repeat(6), "data");
  const database = await start(long);
  assert.ok(long.length > 150);
  assert.deepEqual(await query(database.socketDir, "select 1 as value"), [1]);
});

test("after kill -9 of the server its PostgreSQL is adopted, and stopped in the end", async () => {
  const server = await started(launch());
  await fill(server.socketDir);
  await kill9(server.child);
  const next = await start();
  assert.equal(next.adopted, true);
  assert.equal(next.pid(), server.pid);
  assert.deepEqual(await kept(next.socketDir), [42]);
  await next.stop();
  assert.equal(lives(server.pid), false);
});

test("after kill -9 of both it starts again, with what was committed", async () => {
  const server = await started(launch());
  await fill(server.socketDir);
  process.kill(server.pid, "SIGKILL");
  await kill9(server.child);
  const next = await start();
  assert.equal(next.adopted, false);
  assert.deepEqual(await kept(next.socketDir), [42]);
});

test("backends that are busy when their postmaster is killed do not stop the next start", async () => {
  const server = await started(launch());
  await fill(server.socketDir);
  // Busy in a loop, it does not notice that its postmaster is gone, and holds the shared memory.
  const busy = query(server.socketDir, "select count(*) as value from generate_series(1, 1000000000000) n");
  busy.catch(() => undefined);
  await query(server.socketDir, "select 1 as value");
  process.kill(server.pid, "SIGKILL");
  await kill9(server.child);
  const next = await start();
  assert.deepEqual(await kept(next.socketDir), [42]);
  await assert.rejects(busy);
});

test("PostgreSQL killed under a living server comes back at the same place by itself", async () => {
  const database = await start();
  await fill(database.socketDir);
  const before = database.pid();
  process.kill(before, "SIGKILL");
  while (database.pid() === before) await pause(20);
  assert.deepEqual(await kept(database.socketDir), [42]);
});

test("stale pid and socket lock files whose number is another process's by now are seen through", async () => {
  const server = await started(launch());
  await fill(server.socketDir);
  process.kill(server.pid, "SIGKILL");
  await kill9(server.child);
  const foreign = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  children.push(foreign);
  const usurp = (file: string): void => {
    const [, ...rest] = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [foreign.pid, ...rest].join("\n"));
  };
  usurp(join(dataDir, "postgres", "postmaster.pid"));
  usurp(join(server.socketDir, ".s.PGSQL.5432.lock"));
  const next = await start();
  assert.equal(next.adopted, false);
  assert.deepEqual(await kept(next.socketDir), [42]);
  assert.equal(foreign.exitCode, null);
});

test("a socket that a cleaner of /tmp removed is made again", async () => {
  const server = await started(launch());
  await fill(server.socketDir);
  await kill9(server.child);
  rmSync(join(server.socketDir, ".s.PGSQL.5432"));
  const next = await start();
  assert.equal(next.adopted, false);
  assert.deepEqual(await kept(next.socketDir), [42]);
});

test("an initdb that was killed half way is done over and leaves nothing", async () => {
  mkdirSync(dataDir);
  const begun = new Promise<void>((resolve) => {
    const watcher = watch(dataDir, (_, name) => {
      if (!name?.startsWith("postgres.new-")) return;
      watcher.close();
      resolve();
    });
  });
  const server = launch();
  await begun;
  await kill9(server);
  assert.equal(existsSync(join(dataDir, "postgres")), false);
  const next = await start();
  assert.deepEqual(await query(next.socketDir, "select 1 as value"), [1]);
  assert.deepEqual(
    readdirSync(dataDir).filter((name) => name.startsWith("postgres.new-")),
    [],
  );
});

test("two first starts at once share one database, which stays until the last of them stops", async () => {
  const [one, two] = await Promise.all([started(launch()), started(launch())]);
  assert.equal(one.pid, two.pid);
  assert.notEqual(one.adopted, two.adopted);
  assert.equal(await stopChild(one.child), 0);
  assert.deepEqual(await query(two.socketDir, "select 1 as value"), [1]);
  assert.equal(await stopChild(two.child), 0);
  assert.equal(lives(two.pid), false);
});

test("another major version's cluster is named, not touched", async () => {
  mkdirSync(join(dataDir, "postgres"), { recursive: true });
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  await assert.rejects(start(), /was made by PostgreSQL 17, this program brings 18/);
});

const cannotDrop = !isRoot
  ? "needs root"
  : !canReach({ kind: "user", uid: NOBODY, gid: NOBODY }, import.meta.dirname, process.execPath) &&
    "the project is in a folder that only root may enter";

test("a normal user starts it plainly", { skip: cannotDrop }, async () => {
  const { chownSync } = await import("node:fs");
  chownSync(parent, NOBODY, NOBODY);
  const server = await started(launch({ uid: NOBODY, gid: NOBODY }));
  await fill(server.socketDir);
  assert.equal(statSync(`/proc/${server.pid}`).uid, NOBODY);
  // Root then runs it as its owner, who may so go on using it.
  await kill9(server.child);
  process.kill(server.pid, "SIGKILL");
  const asRoot = await start();
  assert.equal(statSync(`/proc/${asRoot.pid()}`).uid, NOBODY);
  assert.deepEqual(await kept(asRoot.socketDir), [42]);
  await asRoot.stop();
  const again = await started(launch({ uid: NOBODY, gid: NOBODY }));
  assert.deepEqual(await kept(again.socketDir), [42]);
  await stopChild(again.child);
});

const nameless = cannotDrop || (!currentIdentity().canUnshare() && "user namespaces are forbidden here");
test("a user without a name starts it in a namespace", { skip: nameless }, async () => {
  const { chownSync } = await import("node:fs");
  const user = { uid: 54_321, gid: 54_321 };
  chownSync(parent, user.uid, user.gid);
  const server = await started(launch(user));
  assert.deepEqual(await query(server.socketDir, "select 1 as value"), [1]);
  assert.equal(await stopChild(server.child), 0);
});

const confined: Identity = { uid: 0, hasName: true, canUnshare: () => false };

test(
  "root without user namespaces becomes another user, who may pass the data folder",
  { skip: !isRoot && "needs root" },
  async () => {
    chmodSync(parent, 0o755);
    const first = await start(dataDir, confined);
    assert.notEqual(statSync(`/proc/${first.pid()}`).uid, 0);
    assert.equal(statSync(join(dataDir, "postgres")).uid, statSync(`/proc/${first.pid()}`).uid);
    assert.equal(statSync(dataDir).mode & 0o777, 0o711);
    await fill(first.socketDir);
    await first.stop();
    const free = await start();
    assert.deepEqual(await kept(free.socketDir), [42]);
  },
);

test(
  "root's data that no other user can reach go to /var/lib/bankbell, and stay there",
  { skip: !isRoot && "needs root" },
  async (t) => {
    chmodSync(parent, 0o700);
    const standIn = join("/var/lib/bankbell", dataDir.slice(1).replaceAll("/", "_"));
    t.after(() => rmSync(standIn, { recursive: true, force: true }));
    const first = await start(dataDir, confined);
    assert.ok(existsSync(join(standIn, "postgres", "PG_VERSION")));
    await fill(first.socketDir);
    await first.stop();
    const free = await start();
    assert.deepEqual(await kept(free.socketDir), [42]);
    await free.stop();
  },
);

test(
  "data that root made in a namespace are handed over when namespaces are forbidden later",
  { skip: !isRoot && "needs root" },
  async () => {
    chmodSync(parent, 0o755);
    const first = await start();
    await fill(first.socketDir);
    await first.stop();
    const second = await start(dataDir, confined);
    assert.deepEqual(await kept(second.socketDir), [42]);
  },
);
