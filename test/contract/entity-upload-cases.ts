/** The entity flow's uploads (reference §5.2): four paths, answers by number and in literal words. */

export type UploadPath = "upload" | "bankless_upload" | "upload_base64" | "bankless_upload_base64";

export interface EntityUploadCase {
  what: string;
  path: UploadPath;
  /** A file's name in `files.ts`, sent as the path has it; absent: no file. */
  file?: string;
  /** A file's name in `files.ts`: the receiver gives it out at `file_url`. */
  fetched?: string;
  fields?: Record<string, string>;
  /** Status 1 where it is absent; 3 to 7 with a message; 0 with a field and its reason. */
  refused?:
    | { status: 3 | 4 | 5 | 6 | 7; message: string }
    | { status: 0; field: string; reason: string | RegExp };
}

const WRONG_PASSWORD = { status: 3, message: "Password incorrect" } as const;
const other = (bank: string) => ({ status: 4, message: `Not ${bank} statement` }) as const;
const UNDETECTED = { status: 5, message: "Unable to detect bank. Please provide BANK NAME." } as const;
const NOT_PARSABLE = { status: 6, message: "PDF is not parsable" } as const;
const NO_STATEMENT = {
  status: 7,
  message: "Unsupported Bank Statement Format. It should have balance, date and amount columns.",
} as const;
const fieldOf = (field: string, reason: string | RegExp) => ({ status: 0, field, reason }) as const;
const REQUIRED = "This field is required.";

const KOTAK = { bank_name: "kotak" };
const named = ["upload", "upload_base64"] as const;
const bankless = ["bankless_upload", "bankless_upload_base64"] as const;
const base64 = ["upload_base64", "bankless_upload_base64"] as const;
const all = [...named, ...bankless];
const bankOf = (path: UploadPath): Record<string, string> => (path.startsWith("bankless") ? {} : KOTAK);

type Rest = Omit<EntityUploadCase, "path">;
const on = (paths: readonly UploadPath[], rest: Rest): EntityUploadCase[] =>
  paths.map((path) => ({ ...rest, path, fields: { ...bankOf(path), ...rest.fields } }));

export const ENTITY_UPLOADS: readonly EntityUploadCase[] = [
  ...on(all, { what: "a statement", file: "kotak-january" }),
  ...on(named, { what: "its bank in upper case", file: "kotak-january", fields: { bank_name: "KOTAK" } }),
  ...on(all, { what: "no file", refused: fieldOf("file", REQUIRED) }),
  ...on(base64, { what: "Base64 that is none", fields: { file: "this is not base64!" }, refused: fieldOf("file", "Invalid Base 64 string") }),
  ...on(named, { what: "no bank_name", file: "kotak-january", fields: { bank_name: "" }, refused: fieldOf("bank_name", REQUIRED) }),
  // Clients look for the key `bank_name`; the reason's words are not given (§5.4).
  ...on(named, { what: "an unknown bank_name", file: "kotak-january", fields: { bank_name: "no_such_bank" }, refused: fieldOf("bank_name", /./) }),
  ...on(named, { what: "a wrong password", file: "hdfc-encrypted", fields: { bank_name: "hdfc", pdf_password: "wrong" }, refused: WRONG_PASSWORD }),
  ...on(bankless, { what: "no password", file: "hdfc-encrypted", refused: WRONG_PASSWORD }),
  ...on(["upload", "bankless_upload"], { what: "the password", file: "hdfc-encrypted", fields: { bank_name: "hdfc", pdf_password: "AARA1990" } }),
  ...on(named, { what: "another bank named", file: "kotak-january", fields: { bank_name: "axis" }, refused: other("axis") }),
  ...on(named, { what: "password before bank", file: "hdfc-encrypted", fields: { bank_name: "axis" }, refused: WRONG_PASSWORD }),
  ...on(bankless, { what: "an unknown bank without proof", file: "other-broken", refused: UNDETECTED }),
  // Detection runs first there (§5.4).
  ...on(bankless, { what: "a scan", file: "scanned", refused: UNDETECTED }),
  ...on(named, { what: "a scan", file: "scanned", refused: NOT_PARSABLE }),
  ...on(all, { what: "noise", file: "noise", refused: NOT_PARSABLE }),
  ...on(["upload", "bankless_upload_base64"], { what: "a part of a PDF", file: "damaged", refused: NOT_PARSABLE }),
  ...on(all, { what: "a letter", file: "letter", refused: NO_STATEMENT }),
  // HTTPS only where the bank is named; a Base64 path fetches nothing.
  ...on(["bankless_upload"], { what: "a file_url by plain HTTP", fetched: "kotak-january" }),
  ...on(["upload"], {
    what: "a file_url by plain HTTP",
    fetched: "kotak-january",
    refused: fieldOf("file_url", /./),
  }),
  ...on(base64, { what: "a file_url", fetched: "kotak-january", refused: fieldOf("file", REQUIRED) }),
  ...on(["bankless_upload"], { what: "a file_url with nothing there", fetched: "no-such-file", refused: fieldOf("file_url", /./) }),
  ...on(["upload", "bankless_upload"], {
    what: "a file_url that is none",
    fields: { file_url: "nope" },
    refused: fieldOf("file_url", /./),
  }),
  ...on(["bankless_upload"], {
    what: "a file_url into a private network",
    fields: { file_url: "http://10.1.2.3/a.pdf" },
    refused: fieldOf("file_url", /./),
  }),
]; // prettier-ignore
