/** Files of the console's API: with the header that other sites cannot send, so they are no plain links. */
import { ApiError, type Environment } from "./client.ts";

export interface Downloaded {
  blob: Blob;
  fileName: string;
}

export async function download(path: string, environment: Environment): Promise<Downloaded> {
  const headers = { "x-bankbell-console": "1", "x-bankbell-environment": environment };
  let response: Response;
  try {
    response = await fetch(`/console/api${path}`, { headers });
  } catch {
    // fetch says only that it failed, in words that differ by browser.
    throw new ApiError(
      "UNREACHABLE",
      0,
      "The server cannot be reached. Check your connection, then try again.",
    );
  }
  if (!response.ok) throw new ApiError("NOT_FOUND", response.status, MISSING);
  return { blob: await response.blob(), fileName: nameOf(response.headers.get("content-disposition")) };
}

const MISSING = "The file is not there: files are kept for 30 days, and go with their session.";

const nameOf = (disposition: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition ?? "")?.[1] ?? "download");
