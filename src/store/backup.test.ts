import assert from "node:assert/strict";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Pool } from "pg";
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { tablesOf } from "./backup-catalogue.ts";
import { backup, restore } from "./backup.ts";
import { migrate, SQL_DIR } from "./migrate.ts";

const FILL = `
  insert into organisations (public_id, name) values ('org_1', E'Tab\\there, "quotes", \\\\N and ünïcode');
  insert into environments (public_id, organisation_id, mode, data_key) values ('env_1', 1, 'sandbox', '\\x00ff0a5c');
  insert into environments (public_id, organisation_id, mode, data_key) values ('env_2', 1, 'live', '\\x01');
  select make_day_partitions(30, '2024-04-01', 3);
  insert into events (env_id, public_id, type, resource, retention, created_at)
    select 1 + n % 2, 'evt_' || n, 'session.completed', 'session:' || n, (array[0, 7, 30])[1 + n % 3],
           timestamptz '2024-04-01 00:00:00Z' + n * interval '1 hour'
      from generate_series(0, 99) n;
  insert into event_bodies (env_id, event_id, format, public_id, type, body, retention, created_at)
    select env_id, id, 'session', public_id, type, convert_to(repeat('body ' || id, 500), 'UTF8'), retention, created_at from events;
  insert into webhook_endpoints (env_id, public_id, format, url, status_since, created_at, updated_at)
    values (1, 'wh_1', 'session', 'https://example.test/', now(), now(), now());
  insert into queue (env_id, endpoint_id, resource, event_id, event_at, retention)
    values (1, 1, 'session:1', 1, now(), 30);
  insert into sessions (env_id, public_id, link_id, from_date, to_date, created_at, expires_at)
    select 1, gen_random_uuid(), 'link-' || n, '2024-01-01', '2024-03-31', now(), now() from generate_series(1, 50) n;
  insert into sessions (env_id, public_id, kind, link_id, from_date, to_date, created_at, expires_at)
    values (1, gen_random_uuid(), 'entity', '', '1900-01-01', '2199-12-31', now(), '9999-12-31T00:00:00Z');
  insert into bankconnect_settings (env_id, allowed_modes, max_pages) values (1, '{online,aa}', 40), (2, '{pdf}', null);
  insert into api_keys (env_id, public_id, name, key_hash, server_hash_hash, requires_server_hash, expires_at)
    values (1, 'key_1', 'Old', '\\x01', '\\x02', false, '2024-05-01Z'), (1, 'key_2', 'New', '\\x03', '\\x04', true, null);
  select graphile_worker.add_job('extract', '{"file": 1}', queue_name := 'files');
  update graphile_worker._private_jobs set locked_at = now(), locked_by = 'gone';
`;

const folder = mkdtempSync(join(tmpdir(), "bankbell-backup-"));
const file = join(folder, "backup");
let source: TestDatabase;

before(async () => {
  source = await createTestDatabase();
  await source.pool.query(FILL);
  await backup(source.pool, file);
});
after(async () => {
  await source.drop();
  rmSync(folder, { recursive: true });
});

/** Every table's rows as text, in an order of their own. Locks and transaction ids are of one server only. */
async function contentOf(pool: Pool): Promise<Record<string, string[]>> {
  const client = await pool.connect();
  try {
    const content: Record<string, string[]> = {};
    for (const { schema, name } of await tablesOf(client)) {
      const { rows } = await client.query<{ row: string }>(
        `select (to_jsonb(t) - '{xid,locked_at,locked_by,is_available}'::text[])::text as row from ${schema}.${name} t order by 1`,
      );
      content[`${schema}.${name}`] = rows.map(({ row }) => row);
    }
    return content;
  } finally {
    client.release();
  }
}

async function inEmptyDatabase(work: (target: TestDatabase) => Promise<void>): Promise<void> {
  const target = await createEmptyDatabase();
  try {
    await work(target);
  } finally {
    await target.drop();
  }
}

test("what comes back is what was saved, table by table and partition by partition", async () => {
  await inEmptyDatabase(async (target) => {
    const saved = await backup(source.pool, file);
    const restored = await restore(target.pool, file);
    assert.deepEqual(restored, saved);
    assert.ok(saved.rows > 250, `${saved.rows} rows`);
    assert.deepEqual(await contentOf(target.pool), await contentOf(source.pool));

    const where = "select tableoid::regclass::text as part, count(*) as n from events group by 1 order by 1";
    const parts = await target.pool.query(where);
    assert.deepEqual(parts.rows, (await source.pool.query(where)).rows);
    assert.ok(parts.rows.some(({ part }) => part === "events_30_20240402"));
  });
});

test("new rows go on where the saved ones ended, and the feed's order holds", async () => {
  await inEmptyDatabase(async (target) => {
    await restore(target.pool, file);
    await target.pool.query(
      `insert into events (env_id, public_id, type, resource, retention, created_at)
       values (1, 'evt_new', 't', 'r', 0, now())`,
    );
    const { rows } = await target.pool.query(
      "select public_id from events order by xid desc, id desc limit 1",
    );
    assert.deepEqual(rows, [{ public_id: "evt_new" }]);
    const session = await target.pool.query(
      `insert into sessions (env_id, public_id, link_id, from_date, to_date, created_at, expires_at)
       values (1, gen_random_uuid(), 'new', '2024-01-01', '2024-03-31', now(), now()) returning id`,
    );
    assert.deepEqual(session.rows, [{ id: 52n }]);
    const job = await target.pool.query("select locked_by from graphile_worker._private_jobs");
    assert.deepEqual(job.rows, [{ locked_by: null }]);
    const triggers = await target.pool.query("select from pg_trigger where tgenabled = 'D'");
    assert.equal(triggers.rowCount, 0);
  });
});

test("the snapshot is one moment: what is written meanwhile is in it wholly or not at all", async () => {
  await inEmptyDatabase(async (target) => {
    const writing = { on: true };
    const writer = (async () => {
      for (let n = 0; writing.on; n++) {
        await source.pool.query(
          `with e as (insert into event_keys (env_id, key, event_id, created_at) values (1, $1, 1, now()) returning 1)
           insert into audit (env_id, at, actor, action, target) values (1, now(), 'a', 'b', $1)`,
          [`key ${n}`],
        );
      }
    })();
    const other = join(folder, "meanwhile");
    await backup(source.pool, other);
    writing.on = false;
    await writer;
    await restore(target.pool, other);
    const { rows } = await target.pool.query(
      "select (select count(*) from event_keys) as keys, (select count(*) from audit) as audits",
    );
    assert.equal(rows[0]?.keys, rows[0]?.audits);
  });
});

test("a database with rows is refused and keeps them", async () => {
  const target = await createTestDatabase();
  try {
    await target.pool.query("insert into organisations (public_id, name) values ('org_9', 'Here first')");
    await assert.rejects(restore(target.pool, file), /not empty: organisations has rows/);
    const { rows } = await target.pool.query("select name from organisations");
    assert.deepEqual(rows, [{ name: "Here first" }]);
  } finally {
    await target.drop();
  }
});

test("a file that is damaged, cut off or something else is refused, and nothing is restored", async () => {
  const target = await createTestDatabase();
  try {
    const refuses = async (name: string, make: (path: string) => void, message: RegExp): Promise<void> => {
      const path = join(folder, name);
      make(path);
      await assert.rejects(restore(target.pool, path), message);
      const { rows } = await target.pool.query("select count(*) as n from organisations");
      assert.deepEqual(rows, [{ n: 0n }]);
    };
    const whole = readFileSync(file);
    await refuses(
      "cut",
      (path) => (writeFileSync(path, whole), truncateSync(path, whole.length - 40)),
      /damaged/,
    );
    await refuses("text", (path) => writeFileSync(path, "hello"), /damaged or no backup/);
    await refuses(
      "gzip",
      (path) => writeFileSync(path, gzipSync("something of another kind")),
      /is not a backup/,
    );
    const plain = gunzipSync(whole);
    await refuses(
      "short",
      (path) => writeFileSync(path, gzipSync(plain.subarray(0, plain.length - 20))),
      /cut off|too early/,
    );
    await assert.rejects(restore(target.pool, join(folder, "absent")), { code: "ENOENT" });
  } finally {
    await target.drop();
  }
});

test("the file is its owner's alone, and a failed backup leaves none", async () => {
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await inEmptyDatabase(async (target) => {
    await assert.rejects(backup(target.pool, join(folder, "failed")), /schema_migrations/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith("failed")),
      [],
    );
  });
});

test("a backup of an older schema comes back and is brought up to date; a newer one is refused", async () => {
  const newer = join(folder, "sql");
  const { cpSync } = await import("node:fs");
  cpSync(SQL_DIR, newer, { recursive: true });
  const count = readdirSync(newer).filter((name) => /^\d{4}_/.test(name)).length;
  const name = `${String(count + 1).padStart(4, "0")}_next.sql`;
  writeFileSync(
    join(newer, name),
    "alter table organisations add column motto text not null default 'none yet'",
  );

  await inEmptyDatabase(async (target) => {
    await restore(target.pool, file, newer);
    const { rows } = await target.pool.query("select motto from organisations");
    assert.deepEqual(rows, [{ motto: "none yet" }]);
    const later = join(folder, "later");
    await backup(target.pool, later);
    await inEmptyDatabase(async (old) => {
      await assert.rejects(restore(old.pool, later), /newer than the program/);
    });
  });
  await inEmptyDatabase(async (target) => {
    await migrate(target.pool, newer);
    await assert.rejects(restore(target.pool, file, newer), /Restore into a new, empty database/);
  });
});
