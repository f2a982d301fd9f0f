/** The file of an upload: a part of the form, Base64 text, or fetched from a URL. */
import type { BankconnectDeps } from "./context.ts";
import { Refusal } from "./errors.ts";
import { isWebUrl } from "./fields.ts";
import { cleanFileName, decodeBase64, type UploadForm } from "./upload-form.ts";

/** What the field `file` holds; `either`: a part holds bytes, text holds Base64. */
export type Encoding = "bytes" | "base64" | "either";

export type Scheme = "http:" | "https:";

export interface FileRules {
  encoding: Encoding;
  /** What `file_url` may begin with; where it is empty the field is not looked at. */
  fetches: readonly Scheme[];
}

export interface UploadedFile {
  bytes: Uint8Array;
  name: string;
}

/** For the whole of a `file_url`. */
const FETCH_MS = 20_000;

/** A file part, then Base64 text, then a URL: the first that is there. Throws Refusal; an empty file is refused too. */
export async function readFile(
  deps: Pick<BankconnectDeps, "fetchFile" | "maxUploadBytes">,
  form: UploadForm,
  rules: FileRules,
): Promise<UploadedFile> {
  const found = await anyFile(deps, form, rules);
  if (found.bytes.length === 0) throw new Refusal("EMPTY_FILE");
  return found;
}

async function anyFile(
  deps: Pick<BankconnectDeps, "fetchFile" | "maxUploadBytes">,
  { fields, file, spacesArePluses }: UploadForm,
  { encoding, fetches }: FileRules,
): Promise<UploadedFile> {
  if (file) {
    return encoding === "base64"
      ? { ...file, bytes: fromBase64(file.bytes.toString("latin1"), false) }
      : file;
  }
  const text = fields["file"];
  if (text !== undefined) {
    // As a PDF it has lost its bytes on the way.
    if (encoding === "bytes") throw new Refusal("INVALID_FILE_OBJECT");
    return { bytes: fromBase64(text, spacesArePluses), name: cleanFileName(fields["file_name"]) };
  }
  const url = fields["file_url"];
  if (!url || fetches.length === 0) throw new Refusal("MISSING_FILE_OBJECT");
  if (!isWebUrl(url) || !fetches.some((scheme) => scheme === new URL(url).protocol))
    throw new Refusal("INVALID_FILE_URL");
  return fetchStatement(deps, url);
}

function fromBase64(text: string, spacesArePluses: boolean): Buffer {
  const bytes = decodeBase64(text, spacesArePluses);
  if (!bytes) throw new Refusal("INVALID_BASE_64");
  return bytes;
}

async function fetchStatement(
  { fetchFile, maxUploadBytes }: Pick<BankconnectDeps, "fetchFile" | "maxUploadBytes">,
  url: string,
): Promise<UploadedFile> {
  const file = await fetchFile(url, { maxBytes: maxUploadBytes, timeoutMs: FETCH_MS });
  // The caller learns only that it did not work: which private addresses answer is not theirs to find out.
  if (!file.ok) throw new Refusal("INVALID_FILE_URL", { why: file.reason });
  return { bytes: file.bytes, name: cleanFileName(file.fileName) };
}
