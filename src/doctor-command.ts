/** `doctor`: looks at everything that `serve` needs, says what is wrong and what to do about it. */
import { access, constants, statfs } from "node:fs/promises";
import { sql } from "kysely";
import { readConfig } from "./config.ts";
import { openGround, type Ground } from "./ground.ts";
import type { ExitCode, Io } from "./main.ts";
import { WRONG_MASTER_KEY } from "./master-key.ts";
import { isPortFree } from "./port.ts";
import { openDatabase, type Database } from "./store/connect.ts";
import { loadEnvironment } from "./store/environments.ts";
import { migrate } from "./store/migrate.ts";
import { queueDepth } from "./store/queue.ts";

interface Finding {
  ok: boolean;
  text: string;
}

const LITTLE_DISK_BYTES = 1024 ** 3;

/** 0 where all is well, 1 where something is not. Starts the embedded database for as long as it looks. */
export async function runDoctor(argv: string[], io: Io): Promise<ExitCode> {
  if (argv.length > 0) {
    io.stderr.write("Usage: bankbell doctor\n");
    return 2;
  }
  let healthy = true;
  const say = ({ ok, text }: Finding) => {
    healthy &&= ok;
    io.stdout.write(`${ok ? "✓" : "✗"} ${text}\n`);
  };
  const config = readConfig(io.env, process.cwd());
  say({ ok: true, text: `Node ${process.version}, configuration without faults` });
  const ground = await openGround({ ...io.env, BANKBELL_LOG_LEVEL: "silent" }, io.stderr);
  try {
    say(await checkFolder(config.dataDir));
    say(await checkPort(config.host, config.port));
    const database = await openDatabase({
      connection: ground.connection,
      name: "bankbell doctor",
      size: 2,
      log: ground.log,
    });
    try {
      for (const look of [checkDatabase, checkKeys, checkQueue]) say(await look(database, ground));
    } finally {
      await database.close();
    }
  } finally {
    await ground.stop();
  }
  return healthy ? 0 : 1;
}

async function checkFolder(dataDir: string): Promise<Finding> {
  await access(dataDir, constants.W_OK);
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const text = `Data folder ${dataDir}: ${Math.floor(free / 1024 ** 2)} MB free`;
  return { ok: free > LITTLE_DISK_BYTES, text };
}

/** A port that is taken is fine where Bankbell itself has it. */
async function checkPort(host: string, port: number): Promise<Finding> {
  if (await isPortFree(host, port)) return { ok: true, text: `Port ${port} is free` };
  const name = host.includes(":") ? `[${host}]` : host;
  const ours = await fetch(`http://${name}:${port}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );
  return ours
    ? { ok: true, text: `Bankbell is running on port ${port}` }
    : { ok: false, text: `Port ${port} is taken by another program: set PORT` };
}

async function checkDatabase({ pool, kysely }: Database): Promise<Finding> {
  const { applied } = await migrate(pool);
  const { rows } = await sql<{
    version: string;
  }>`select current_setting('server_version') as version`.execute(kysely);
  const schema = applied.length > 0 ? `applied ${applied.join(", ")}` : "schema up to date";
  return { ok: true, text: `PostgreSQL ${rows[0]?.version ?? ""}, ${schema}` };
}

async function checkKeys({ kysely }: Database, { master }: Ground): Promise<Finding> {
  const environments = await kysely.selectFrom("environments").select("id").execute();
  for (const { id } of environments) {
    const opened = await loadEnvironment(kysely, master, id).catch(() => null);
    if (!opened) return { ok: false, text: WRONG_MASTER_KEY };
  }
  return {
    ok: true,
    text: `The master key opens ${environments.length} ${environments.length === 1 ? "environment" : "environments"}`,
  };
}

async function checkQueue({ kysely }: Database): Promise<Finding> {
  const waiting = await queueDepth(kysely);
  return { ok: true, text: `${waiting} ${waiting === 1 ? "delivery" : "deliveries"} waiting` };
}
