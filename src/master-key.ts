import { randomBytes } from "node:crypto";
import { access, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { parseMasterKey, SealError, type SealKey } from "./platform/crypto.ts";
import { StartError } from "./start-error.ts";
import { loadEnvironment } from "./store/environments.ts";
import type { Schema } from "./store/schema.ts";

export const WRONG_MASTER_KEY =
  "The master key is not the one this database was encrypted with: restore master.key or BANKBELL_MASTER_KEY";

/**
 * The key that wraps every environment's data key. With the embedded database and none configured, one is made
 * once and kept beside the data with mode 600. Throws where the kept file is not a key, rather than make a new
 * one that opens nothing.
 */
export async function masterKeyOf(config: { masterKey: SealKey | null; dataDir: string }): Promise<SealKey> {
  if (config.masterKey) return config.masterKey;
  const path = join(config.dataDir, "master.key");
  await makeFolder(config.dataDir);
  if (await isLost(path, config.dataDir)) {
    throw new StartError(`${path} is gone, and the database beside it cannot be read without: restore it.`);
  }
  await writeOnce(path, `${randomBytes(32).toString("base64")}\n`);
  const key = parseMasterKey(await readFile(path, "utf8"));
  if (!key) throw new StartError(`${path} does not hold a master key: 32 bytes in base64.`);
  return key;
}

/** Throws StartError where the key does not open what is there: better now than at the first upload. */
export async function checkMasterKey(db: Kysely<Schema>, master: SealKey): Promise<void> {
  if (!(await opensEnvironments(db, master))) throw new StartError(`${WRONG_MASTER_KEY}.`);
}

/** By one environment: the same key wraps the data keys of all. True where there is none. */
export async function opensEnvironments(db: Kysely<Schema>, master: SealKey): Promise<boolean> {
  const first = await db.selectFrom("environments").select("id").orderBy("id").limit(1).executeTakeFirst();
  if (!first) return true;
  try {
    await loadEnvironment(db, master, first.id);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

async function makeFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(`BANKBELL_DATA_DIR ${dataDir} cannot be made (${code}).`, { cause: error });
  }
}

/** The key is written before the first database is made, so a database without one has lost it. */
async function isLost(path: string, dataDir: string): Promise<boolean> {
  return !(await exists(path)) && (await exists(join(dataDir, "postgres")));
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Leaves a file that is there as it is. */
async function writeOnce(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return null;
    throw error;
  });
  if (!file) return;
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
