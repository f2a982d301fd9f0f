/** From a file's bytes to the statements that may be recorded. No database. */
import { findingsOf } from "../statement/fraud/check.ts";
import type { MetadataFinding } from "../statement/fraud/types.ts";
import type { ExtractionError, Statement } from "../statement/types.ts";
import type { Rules, Session } from "../store/sessions.ts";
import { findBank } from "./banks.ts";
import type { Intake } from "./context.ts";
import { IntakeError, type IntakeErrorCode, type IntakeStage } from "./errors.ts";
import { chooseBank } from "./match.ts";
import type { Upload } from "./views.ts";

export interface UploadFields {
  /** Identifier in lower case; null is: detect. */
  bank: string | null;
  accountType: "SAVINGS" | "CURRENT" | "OVERDRAFT" | null;
  accountCategory: "individual" | "corporate" | null;
}

/** One statement of a file, with the bank it is taken under, or why it is refused. */
export type Candidate = { statement: Statement; findings: MetadataFinding[] } & (
  | { bank: string; refusal: null }
  | { bank: null; refusal: IntakeError }
);

const ACCOUNT_TYPES = new Map([
  ["savings", "SAVINGS"],
  ["current", "CURRENT"],
  ["overdraft", "OVERDRAFT"],
] as const);
const ACCOUNT_CATEGORIES = new Map([
  ["individual", "individual"],
  ["corporate", "corporate"],
] as const);

/** Throws IntakeError UNKNOWN_BANK_NAME, INVALID_ACCOUNT_CATEGORY. Blank is as good as absent. */
export function readFields(
  upload: Pick<Upload, "sessionId" | "bankName" | "accountCategory">,
  session: Pick<Session, "bank_name">,
): UploadFields {
  const { sessionId } = upload;
  const named = upload.bankName?.trim() ?? "";
  const bank = named === "" ? session.bank_name : findBank(named);
  if (named !== "" && bank === null) {
    throw new IntakeError("fields", "UNKNOWN_BANK_NAME", { sessionId });
  }
  // One field with two vocabularies in the sources: the account's type, and who holds it.
  const category = upload.accountCategory?.trim().toLowerCase() ?? "";
  const accountType = lookUp(ACCOUNT_TYPES, category);
  const accountCategory = lookUp(ACCOUNT_CATEGORIES, category);
  if (category !== "" && !accountType && !accountCategory) {
    throw new IntakeError("fields", "INVALID_ACCOUNT_CATEGORY", { sessionId });
  }
  return { bank, accountType, accountCategory };
}

const lookUp = <V>(map: ReadonlyMap<string, V>, key: string): V | null => map.get(key) ?? null;

export interface ReadFile {
  pageCount: number;
  candidates: Candidate[];
}

/** Throws IntakeError where no statement of the file can be taken: then with the first one's reason. */
export async function readCandidates(
  intake: Intake,
  rules: Rules,
  upload: Upload,
  bank: string | null,
): Promise<ReadFile> {
  const { sessionId } = upload;
  if (upload.bytes.length === 0) throw new IntakeError("file", "EMPTY_FILE", { sessionId });
  const { statements, pageCount, findings = [] } = await extract(intake, rules, upload);
  const candidates = statements.map((statement, index): Candidate => {
    const checked = { statement, findings: findingsOf(findings, index) };
    return Object.assign(checked, judge(statement, bank, rules, sessionId));
  });
  const [first] = candidates;
  if (!first) throw new IntakeError("format", "STATEMENT_NO_TRANSACTIONS", { sessionId });
  if (first.refusal && candidates.every(({ refusal }) => refusal)) throw first.refusal;
  return { pageCount, candidates };
}

async function extract(intake: Intake, rules: Rules, upload: Upload) {
  const started = performance.now();
  const extraction = await intake.extractor.extract(upload.bytes, {
    password: upload.password === "" ? null : upload.password,
    ...intake.limits,
    maxPages: Math.min(intake.limits.maxPages, rules.settings.max_pages ?? Infinity),
  });
  const outcome = extraction.ok ? "ok" : extraction.error.code;
  intake.metrics.extractionSeconds.observe({ outcome }, (performance.now() - started) / 1000);
  if (extraction.pageCount !== null) intake.metrics.extractedPages.inc(extraction.pageCount);
  if (!extraction.ok) throw refusalOf(extraction.error, upload.sessionId);
  return extraction;
}

const STAGE_OF: Readonly<Record<ExtractionError["code"], IntakeStage>> = {
  PASSWORD_INCORRECT: "file",
  PDF_IS_IMAGE: "file",
  STATEMENT_TOO_MANY_PAGES: "file",
  EXTRACTION_FAILED: "file",
  STATEMENT_UNSUPPORTED_FORMAT: "format",
  STATEMENT_NO_TRANSACTIONS: "format",
  UNPARSABLE: "format",
};

function refusalOf({ code, reason }: ExtractionError, sessionId: string): IntakeError {
  // The contract tells a damaged file from a sound one of a kind that is not supported.
  const isDamaged = reason === "corrupt" || reason === "not_pdf";
  if (isDamaged) return new IntakeError("file", "INVALID_FILE_OBJECT", { sessionId });
  const known: IntakeErrorCode = code;
  return new IntakeError(STAGE_OF[code], known, { sessionId });
}

/** Bank, then format (§9-25); what the session decides (duplicate, date range) comes later. */
function judge(
  statement: Statement,
  named: string | null,
  rules: Rules,
  sessionId: string,
): { bank: string; refusal: null } | { bank: null; refusal: IntakeError } {
  try {
    const bank = chooseBank(statement, named, rules.settings.unknown_banks);
    if (statement.transactions.length > 0) return { bank, refusal: null };
    const refusal = new IntakeError("format", "STATEMENT_NO_TRANSACTIONS", { sessionId });
    return { bank: null, refusal };
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    const bank = error.bank === null ? {} : { bank: error.bank };
    return {
      bank: null,
      refusal: new IntakeError(error.stage, error.code, { sessionId, ...bank }),
    };
  }
}
