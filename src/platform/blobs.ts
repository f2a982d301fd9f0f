/**
 * Uploaded files, encrypted, in a folder: `<dir>/<ab>/<key>`. A key is 22 random base-62 characters, so nothing
 * about a file can be told from its name, and case-insensitive file systems are safe (the folder is lower case,
 * the chance of two keys that differ only in case is about 1 in 10^27 per pair).
 */
import { mkdir, open as openFile, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { open, seal, type SealKey } from "./crypto.ts";
import { base62 } from "./ids.ts";

export interface Blobs {
  /** On disk and synced when it resolves; answers the key. */
  put(dataKey: SealKey, bytes: Uint8Array): Promise<string>;
  /** Throws SealError where it was sealed with another key, ENOENT where it is gone. */
  get(dataKey: SealKey, key: string): Promise<Buffer>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
}

const placeOf = (key: string) => ({ table: "files", column: "blob", row: key });

export function createBlobs(dir: string): Blobs {
  const folderOf = (key: string) => join(dir, key.slice(0, 2).toLowerCase());
  const pathOf = (key: string) => join(folderOf(key), key);
  return {
    async put(dataKey, bytes) {
      const key = base62(22);
      await mkdir(folderOf(key), { recursive: true, mode: 0o700 });
      const partial = `${pathOf(key)}.partial`;
      const file = await openFile(partial, "wx", 0o600);
      try {
        await file.writeFile(seal(dataKey, bytes, placeOf(key)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, pathOf(key));
      await syncFolder(folderOf(key));
      return key;
    },
    async get(dataKey, key) {
      return open(dataKey, await readFile(pathOf(key)), placeOf(key));
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

/** A rename is on disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await openFile(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
