/**
 * The words of this room: what a file's own making says against it.
 *
 * - **finding**: one thing that was seen, with the values it was seen in.
 * - **accuses**: no way is known in which a bank's own file, or a customer who only saved, unlocked or printed it,
 *   comes to look like this. Only such findings make a statement `is_fraud`.
 * - **notes**: worth a look by a person, and innocent more often than not.
 *
 * docs/fraud.md says of each reason what it shows and what it does not.
 */

/** The contract publishes `author_fraud` alone; the others follow its way of writing. In the order of `fraud_type`. */
export const METADATA_FRAUD_TYPES = [
  "author_fraud",
  "date_fraud",
  "font_fraud",
  "overlay_fraud",
  "page_fraud",
] as const;

export type MetadataFraudType = (typeof METADATA_FRAUD_TYPES)[number];

export type FindingReason =
  // author_fraud
  | "producer_is_editor"
  | "creator_is_editor"
  | "earlier_producer_is_editor"
  | "rewritten_by_tool"
  | "unlike_the_bank"
  // date_fraud
  | "modified_after_creation"
  | "modified_before_creation"
  | "made_before_its_last_row"
  | "page_content_replaced"
  | "updated_after_writing"
  // font_fraud
  | "amount_in_another_font"
  | "amount_of_another_size"
  // overlay_fraud
  | "amount_over_amount"
  // page_fraud
  | "page_in_other_fonts"
  | "pages_touched_by_program";

/** One thing seen in a file. Evidence holds figures and names, no prose. */
export interface MetadataFinding {
  type: MetadataFraudType;
  reason: FindingReason;
  weight: "accuses" | "notes";
  /** Index of the statement that it concerns; null is every statement of the file. */
  statement: number | null;
  /** Index of the transaction; null where it concerns no single one. */
  row: number | null;
  evidence: Record<string, string | number | boolean | string[]>;
}
