/**
 * Statements of formats that name every field (OFX, MT940, CAMT.053): nothing is guessed, so there is one reading. It
 * is judged by the same arithmetic as a page's.
 */
import { detectBank } from "./banks/detect.ts";
import type { PrintedDate } from "./dates.ts";
import { readFacts } from "./facts.ts";
import { toLine } from "./grid-lines.ts";
import { isBic } from "./identity-codes.ts";
import type { Hypothesis, Item } from "./interpret.ts";
import { toStatement } from "./read.ts";
import type { Row } from "./rows.ts";
import { foldSpaces } from "./text.ts";
import type { DocumentMetadata, Facts, Identity, Period, Statement } from "./types.ts";
import { verify } from "./verify.ts";

/** One booking as the file states it. */
export interface Entry {
  kind: "entry";
  /** Booking date. */
  date: Temporal.PlainDate;
  valueDate: Temporal.PlainDate | null;
  description: string;
  reference: string | null;
  /** Money that arrives is positive. */
  minor: bigint;
  /** 1-based line of the file. */
  line: number;
}

/** A booked balance between entries, where a statement goes on in a further message. */
export interface Mark {
  kind: "mark";
  minor: bigint;
  line: number;
}

export interface Ledger {
  identity: Partial<Identity>;
  currency: string | null;
  period: Period | null;
  opening: bigint | null;
  closing: bigint | null;
  totals: Facts["printedTotals"];
  /** In the order in which they happened. */
  entries: (Entry | Mark)[];
  /** What may name the bank: names, codes with their words, as they stand in the file. */
  bankTexts: string[];
}

export const NO_METADATA: DocumentMetadata = {
  producer: null,
  creator: null,
  author: null,
  title: null,
  createdAt: null,
  modifiedAt: null,
};

/** There is nothing to choose between: signs and order are stated. */
const STATED: Hypothesis = {
  debit: null,
  credit: null,
  amount: null,
  balance: null,
  sign: "signed",
  owed: false,
  reversed: false,
  dateless: false,
};

/** What nothing is known of. */
export const noFacts = (): Facts => readFacts([], { decimal: ".", dateOrder: "ymd", exponent: 2 });

/** Null where the ledger has no entry: such a statement says nothing that could be right or wrong. */
export function statementOf(ledger: Ledger): Statement | null {
  const { opening, closing, totals: printedTotals, period } = ledger;
  const empty = noFacts();
  const identity = { ...empty.identity, ...cleanIdentity(ledger.identity) };
  const currency = /^[A-Z]{3}$/.test(ledger.currency ?? "") ? ledger.currency : null;
  const facts: Facts = { ...empty, identity, currency, period };
  const items = itemsOf(ledger);
  // Both ends as balances of the chain: opening + Σ = closing also counts where Σ is zero, as it is on an account
  // that is swept every evening. A closing balance alone says nothing of the rows.
  const bracketed = opening !== null && closing !== null;
  const printed = {
    openingBalances: bracketed || opening === null ? [] : [opening],
    closingBalances: bracketed || closing === null ? [] : [closing],
    printedTotals,
  };
  const verdict = verify(items, printed, false);
  // A page may drift where the bank prints rounded numbers; fields that a program wrote do not.
  const { verification } = verdict;
  if (verification.status === "rounding") verdict.verification = { ...verification, status: "broken" };
  // One sum over many rows is no chain from row to row.
  verdict.proofs = verdict.proofs.map((proof) => (proof === "chain" ? "totals" : proof));
  const rows = items.map((item) => item.row);
  const statement = toStatement({ hypothesis: STATED, items, verdict }, facts, period, rows);
  if (statement.transactions.length === 0) return null;
  const texts = ledger.bankTexts.map((text, index) => toLine([text], 1, index + 1));
  statement.bank = detectBank(texts, facts, NO_METADATA);
  return statement;
}

/** Fields hold whatever their writer put there: control characters, or a BIC that is none. */
function cleanIdentity(identity: Partial<Identity>): Partial<Identity> {
  const { accountNumber, name, address, bic } = identity;
  const clean = (text: string | null | undefined): string | null => {
    const folded = foldSpaces(text ?? "").slice(0, LONGEST_FIELD);
    return folded === "" ? null : folded;
  };
  return {
    ...identity,
    accountNumber: clean(accountNumber),
    name: clean(name),
    address: clean(address),
    bic: bic !== null && bic !== undefined && isBic(bic) ? bic : null,
  };
}

const LONGEST_FIELD = 200;

function itemsOf({ entries, opening, closing }: Ledger): Item[] {
  const items = entries.map((entry): Item => {
    if (entry.kind === "mark") return balanceItem(entry.minor, entry.line);
    const { minor } = entry;
    return {
      kind: "movement",
      row: rowOf(entry),
      delta: minor,
      free: false,
      column: minor < 0n ? "debit" : "credit",
      balance: null,
    };
  });
  if (opening === null || closing === null) return items;
  const last = entries.at(-1)?.line ?? 1;
  return [balanceItem(opening, 1), ...items, balanceItem(closing, last, "closing")];
}

function balanceItem(balance: bigint, line: number, word: "closing" | null = null): Item {
  return { kind: "balance", row: emptyRow(line), balance, word, weak: false };
}

function rowOf({ date, valueDate, description, reference, line }: Entry): Row {
  return {
    ...emptyRow(line),
    date: printedDate(date),
    ownDate: true,
    valueDate: valueDate && printedDate(valueDate),
    description,
    reference: reference === null ? null : foldSpaces(reference) || null,
  };
}

function emptyRow(line: number): Row {
  return {
    date: null,
    ownDate: false,
    valueDate: null,
    description: "",
    reference: null,
    cells: new Map(),
    mark: null,
    side: null,
    unreadable: false,
    word: null,
    page: 1,
    line,
    region: 0,
    lines: [],
  };
}

/** A date that is beyond doubt, in the shape of one that was read. */
export function printedDate({ year, month, day }: Temporal.PlainDate): PrintedDate {
  return { year, month, day, form: "full", end: 0 };
}
