/** Extractions as plain data that can cross to another thread: Temporal objects cannot be cloned. */

import type { Extraction, Period, Statement, Transaction } from "../types.ts";

/** Dates as ISO 8601 `YYYY-MM-DD`; everything else as in the room's words. */
export interface WireTransaction extends Omit<Transaction, "date" | "valueDate"> {
  date: string;
  valueDate: string | null;
}

export interface WireStatement extends Omit<Statement, "period" | "transactions"> {
  period: { from: string; to: string } | null;
  transactions: WireTransaction[];
}

type Success = Extract<Extraction, { ok: true }>;

export type WireExtraction =
  | Extract<Extraction, { ok: false }>
  | (Omit<Success, "statements"> & { statements: WireStatement[] });

const { PlainDate } = Temporal;

function statementToWire(statement: Statement): WireStatement {
  const { period } = statement;
  return {
    ...statement,
    period: period === null ? null : { from: period.from.toString(), to: period.to.toString() },
    transactions: statement.transactions.map((row) => ({
      ...row,
      date: row.date.toString(),
      valueDate: row.valueDate?.toString() ?? null,
    })),
  };
}

function periodFromWire(period: { from: string; to: string }): Period {
  return { from: PlainDate.from(period.from), to: PlainDate.from(period.to) };
}

function statementFromWire(wire: WireStatement): Statement {
  return {
    ...wire,
    period: wire.period === null ? null : periodFromWire(wire.period),
    transactions: wire.transactions.map((row) => ({
      ...row,
      date: PlainDate.from(row.date),
      valueDate: row.valueDate === null ? null : PlainDate.from(row.valueDate),
    })),
  };
}

export function toWire(extraction: Extraction): WireExtraction {
  if (!extraction.ok) return extraction;
  return { ...extraction, statements: extraction.statements.map(statementToWire) };
}

export function fromWire(wire: WireExtraction): Extraction {
  if (!wire.ok) return wire;
  return { ...wire, statements: wire.statements.map(statementFromWire) };
}
