/** `doctor`: looks at everything that `serve` needs, says what is wrong and what to do about it. It changes nothing. */
import { access, constants, statfs } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { readConfig, type Config } from "./config.ts";
import { openGround, type Ground } from "./ground.ts";
import type { ExitCode, Io } from "./main.ts";
import { WRONG_MASTER_KEY } from "./master-key.ts";
import { isBankbell, isPortFree } from "./port.ts";
import { openDatabase, type Database } from "./store/connect.ts";
import { loadEnvironment } from "./store/environments.ts";
import { failingJobs, pendingMigrations, queueHealth, troubledEndpoints } from "./store/health.ts";

interface Finding {
  ok: boolean;
  text: string;
}

const LITTLE_DISK_BYTES = 1024 ** 3;
/** The sweep looks every second: what has been due for minutes is not being delivered. */
const LATE_SECONDS = 300;

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
  if (!(await isThere(config))) {
    say({ ok: true, text: `${config.dataDir} is empty: the first \`npm start\` sets it up` });
    say(await checkPort(config.host, config.port));
    return healthy ? 0 : 1;
  }
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
      const schema = await checkSchema(database);
      say(schema);
      if (schema.ok) {
        for (const look of [checkKeys, checkQueue, checkEndpoints, checkJobs])
          say(await look(database, ground));
      }
    } finally {
      await database.close();
    }
  } finally {
    await ground.stop();
  }
  return healthy ? 0 : 1;
}

/** False before the first start: looking must not set anything up. */
async function isThere({ databaseUrl, dataDir }: Config): Promise<boolean> {
  if (databaseUrl !== null) return true;
  return access(join(dataDir, "master.key")).then(
    () => true,
    () =>
      access(join(dataDir, "postgres")).then(
        () => true,
        () => false,
      ),
  );
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
  return (await isBankbell(host, port))
    ? { ok: true, text: `Bankbell is running on port ${port}` }
    : { ok: false, text: `Port ${port} is taken by another program: set PORT` };
}

async function checkSchema({ pool, kysely }: Database): Promise<Finding> {
  const { rows } = await sql<{
    version: string;
  }>`select current_setting('server_version') as version`.execute(kysely);
  const pending = await pendingMigrations(pool);
  const schema =
    pending.length === 0 ? "schema up to date" : `${pending.join(", ")} not applied: \`bankbell migrate\``;
  return { ok: pending.length === 0, text: `PostgreSQL ${rows[0]?.version ?? ""}, ${schema}` };
}

async function checkKeys({ kysely }: Database, { master }: Ground): Promise<Finding> {
  const environments = await kysely.selectFrom("environments").select("id").execute();
  for (const { id } of environments) {
    const opened = await loadEnvironment(kysely, master, id).catch(() => null);
    if (!opened) return { ok: false, text: WRONG_MASTER_KEY };
  }
  return {
    ok: true,
    text: `The master key opens ${counted(environments.length, "environment", "environments")}`,
  };
}

async function checkQueue({ kysely }: Database): Promise<Finding> {
  const { waiting, oldestDueSeconds, exhausted } = await queueHealth(kysely);
  const parts = [counted(waiting, "delivery", "deliveries") + " waiting"];
  if (exhausted > 0) parts.push(`${exhausted} out of retries`);
  const late = oldestDueSeconds > LATE_SECONDS;
  if (late) parts.push(`the oldest has been due for ${Math.floor(oldestDueSeconds / 60)} minutes`);
  return { ok: !late, text: parts.join(", ") };
}

async function checkEndpoints({ kysely }: Database): Promise<Finding> {
  const troubled = await troubledEndpoints(kysely);
  if (troubled.length === 0) return { ok: true, text: "Every endpoint took its last delivery" };
  const lines = troubled.map(({ publicId, status, reason }) => {
    const hint =
      reason === "forbidden_address" ? ": a private network that BANKBELL_ALLOW_NETWORKS does not name" : "";
    return `\n    ${publicId} ${status === "enabled" ? "fails" : status}, ${reason}${hint}`;
  });
  return {
    ok: false,
    text: `${counted(troubled.length, "endpoint needs", "endpoints need")} a look${lines.join("")}`,
  };
}

async function checkJobs({ kysely }: Database): Promise<Finding> {
  const failing = await failingJobs(kysely);
  const text = failing.map(({ task, jobs }) => `${task} (${jobs})`).join(", ");
  return failing.length === 0
    ? { ok: true, text: "No background job is failing" }
    : { ok: false, text: `Jobs that fail: ${text}` };
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
