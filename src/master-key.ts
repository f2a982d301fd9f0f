import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
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
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
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
