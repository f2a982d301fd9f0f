/** Every metadata check of a file, and what it comes to. */

import type { FileHistory, Statement, TextDocument } from "../types.ts";
import { findAuthorFraud } from "./author.ts";
import { findDateFraud } from "./dates.ts";
import { findFontFraud } from "./fonts.ts";
import { findOverlayFraud } from "./overlay.ts";
import { findPageFraud, findTouchedPages } from "./pages.ts";
import { METADATA_FRAUD_TYPES } from "./types.ts";
import type { MetadataFinding, MetadataFraudType } from "./types.ts";

/** Enough for a person; a file made to fill the answer must not. */
const MOST_FINDINGS = 50;

/** What a file's making says against it, the accusing first. Empty for nearly all. */
export function checkMetadata(
  document: TextDocument,
  statements: readonly Statement[],
  history: FileHistory,
): MetadataFinding[] {
  const found = [
    ...findAuthorFraud(document.metadata, history.producers, statements),
    ...findDateFraud(document.metadata, history, statements),
    ...findFontFraud(document, statements),
    ...findOverlayFraud(document, statements),
    ...findPageFraud(document, statements),
    ...findTouchedPages(history),
  ];
  const rank = (finding: MetadataFinding): number =>
    (finding.weight === "accuses" ? 0 : METADATA_FRAUD_TYPES.length) +
    METADATA_FRAUD_TYPES.indexOf(finding.type);
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_FINDINGS);
}

/** Of a file's findings, those that concern its statement at `index`. */
export function findingsOf(findings: readonly MetadataFinding[], index: number): MetadataFinding[] {
  return findings.filter(({ statement }) => statement === null || statement === index);
}

/** The contract's `fraud_type`: the first that accuses, null for none. */
export function fraudTypeOf(findings: readonly MetadataFinding[]): MetadataFraudType | null {
  return findings.find(({ weight }) => weight === "accuses")?.type ?? null;
}
