import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseMasterKey, type SealKey } from "./platform/crypto.ts";

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
  if (!key) throw new Error(`${path} does not hold a master key: 32 bytes in base64.`);
  return key;
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
