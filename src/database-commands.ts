/** `migrate`, `backup`, `restore`: the commands that need the database and nothing else. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openGround, type Ground } from "./ground.ts";
import type { ExitCode, Io } from "./main.ts";
import { opensEnvironments } from "./master-key.ts";
import { backup, restore } from "./store/backup.ts";
import { openDatabase, type Database } from "./store/connect.ts";
import { migrate } from "./store/migrate.ts";

export function runMigrate(argv: string[], io: Io): Promise<ExitCode> {
  if (argv.length > 0) return Promise.resolve(wrongUsage(io, "bankbell migrate"));
  return withDatabase(io, async ({ pool }) => {
    const { applied } = await migrate(pool);
    io.stdout.write(applied.length > 0 ? `Applied ${applied.join(", ")}.\n` : "The schema is up to date.\n");
  });
}

const NEXT_STEP =
  "This data folder's master key does not open it: copy master.key (or set BANKBELL_MASTER_KEY) and files/ from the old one.";

/** The file holds everything but the uploaded files themselves and the master key. */
export function runBackup(argv: string[], io: Io): Promise<ExitCode> {
  const file = oneFile(argv, io);
  if (file === null) return Promise.resolve(wrongUsage(io, "bankbell backup FILE"));
  return withDatabase(io, async ({ pool }) => {
    await migrate(pool);
    const { tables, rows } = await backup(pool, file);
    io.stdout.write(
      `${file}: ${rows} rows of ${tables} tables.\nKeep the data folder's files and the master key beside it.\n`,
    );
  });
}

export function runRestore(argv: string[], io: Io): Promise<ExitCode> {
  const file = oneFile(argv, io);
  if (file === null) return Promise.resolve(wrongUsage(io, "bankbell restore FILE"));
  return withDatabase(io, async ({ pool, kysely }, { master }) => {
    // It brings the schema itself: first the backup's, then the newest.
    const { tables, rows } = await restore(pool, file);
    io.stdout.write(`Restored ${rows} rows of ${tables} tables.\n`);
    if (!(await opensEnvironments(kysely, master))) io.stderr.write(`${NEXT_STEP}\n`);
  });
}

function oneFile(argv: string[], io: Io): string | null {
  const { positionals } = parseArgs({ args: argv, allowPositionals: true, strict: false });
  return positionals.length === 1 && argv.length === 1 && positionals[0]
    ? resolve(io.cwd, positionals[0])
    : null;
}

function wrongUsage(io: Io, usage: string): ExitCode {
  io.stderr.write(`Usage: ${usage}\n`);
  return 2;
}

/** Opens the database for one command and closes it again. */
export async function withDatabase(
  io: Io,
  work: (database: Database, ground: Ground) => Promise<void>,
): Promise<ExitCode> {
  // What a command does it says itself; the log is for what goes wrong.
  const ground = await openGround({ BANKBELL_LOG_LEVEL: "warn", ...io.env }, io.stderr);
  try {
    const database = await openDatabase({
      connection: ground.connection,
      name: "bankbell command",
      size: 2,
      log: ground.log,
    });
    try {
      await work(database, ground);
    } finally {
      await database.close();
    }
  } finally {
    await ground.stop();
  }
  return 0;
}
