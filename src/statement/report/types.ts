/** Where on the pages stands what was read: boxes in points of the upright page, origin top left. */

export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export type CellRole =
  | "date"
  | "value date"
  | "narration"
  | "reference"
  | "debit"
  | "credit"
  | "amount"
  | "balance";

export interface PlacedCell extends Box {
  role: CellRole;
}

/** All lines of a transaction. */
export interface PlacedRow extends Box {
  /** Indexes into the extraction's statements and the statement's transactions. */
  statement: number;
  row: number;
  cells: PlacedCell[];
}

export interface PlacedColumn extends Box {
  role: CellRole;
  /** Where nothing is printed that a label would hide. */
  labelled: "above" | "below";
}

export type FactName = "account number" | "holder" | "period" | "opening balance" | "closing balance";

export interface PlacedFact extends Box {
  statement: number;
  name: FactName;
}

export interface PageLayout {
  /** 1-based. */
  number: number;
  width: number;
  height: number;
  columns: PlacedColumn[];
  rows: PlacedRow[];
  facts: PlacedFact[];
}

/** A page as the report shows it; no picture where it could not be drawn. */
export interface Sheet extends PageLayout {
  png: Uint8Array | null;
}
