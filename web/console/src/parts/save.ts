import type { Environment } from "../api/client.ts";
import { download } from "../api/download.ts";

/** Hands it to the browser as a file of the user's. */
export async function save(path: string, environment: Environment): Promise<void> {
  const { blob, fileName } = await download(path, environment);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken the blob by then, or never will.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
