/** Account, codes and type of account, out of labelled values. */
import { type Cell, type Label, placesOf, type Row } from "./identity-cells.ts";
import {
  isBic,
  isIban,
  isIfsc,
  isMasked,
  isMicr,
  isRoutingNumber,
  readAccountNumber,
  toSortCode,
} from "./identity-codes.ts";
import { isName, readHolder } from "./identity-holder.ts";
import type { LabelKind } from "./identity-labels.ts";
import type { Identity } from "./types.ts";

const wordsOf = (cell: Cell): string[] => cell.tokens.map(({ text }) => text);

/** The first value under a label of this kind that `read` accepts, in reading order. */
function first<T>(
  rows: readonly Row[],
  labels: readonly Label[],
  kind: LabelKind,
  read: (cell: Cell) => T | null,
): T | null {
  for (const label of labels) {
    if (label.kind !== kind) continue;
    for (const place of placesOf(rows, label)) {
      const value = read(place);
      if (value !== null) return value;
    }
  }
  return null;
}

const codeIn =
  (accepts: (text: string) => boolean) =>
  (cell: Cell): string | null =>
    wordsOf(cell)
      .slice(0, 3)
      .map((word) => word.replace(/^[:(]+|[.,;)]+$/g, ""))
      .find(accepts) ?? null;

/** Numbers of somebody else, or of another product of the same customer. */
const OF_OTHERS = /\b(loan|linked|beneficiary|demat|nominee|ppf|sweep|fd|deposit|virtual|old|previous)$/iu;

function accountNumbers(rows: readonly Row[], labels: readonly Label[], kind: LabelKind): string[] {
  const numbers: string[] = [];
  // `Account Number` says more than `Account`.
  const ordered = labels
    .filter((label) => label.kind === kind)
    .toSorted((a, b) => Number(b.end - b.start > 1) - Number(a.end - a.start > 1));
  for (const label of ordered) {
    const before = label.cell.tokens
      .slice(0, label.start)
      .map(({ text }) => text)
      .join(" ");
    if (OF_OTHERS.test(before)) continue;
    for (const place of placesOf(rows, label)) {
      const number = readAccountNumber(wordsOf(place));
      if (number === null) continue;
      numbers.push(number);
      break;
    }
  }
  return numbers;
}

/** A masked number gives way to a full one that ends in the same digits. */
function bestNumber(numbers: readonly string[]): string | null {
  const [head] = numbers;
  if (head === undefined || !isMasked(head)) return head ?? null;
  const tail = /\d{2,}$/.exec(head)?.[0];
  return numbers.find((number) => !isMasked(number) && tail !== undefined && number.endsWith(tail)) ?? head;
}

function accountType(
  rows: readonly Row[],
  labels: readonly Label[],
  isCard: boolean,
): Identity["accountType"] {
  const labelled = first(rows, labels, "accountType", (cell) => typeIn(cell.text));
  if (labelled !== null) return labelled;
  if (isCard) return "CREDIT_CARD";
  for (const row of rows) {
    for (const cell of row.cells) {
      const type = cell.text.length < 60 && ACCOUNT.test(cell.text) ? typeIn(cell.text) : null;
      if (type !== null) return type;
    }
  }
  return null;
}

const ACCOUNT = /account|konto|rekening|compte|cuenta|conto|a\/c|card/iu;
const TYPES: readonly (readonly [RegExp, Identity["accountType"]])[] = [
  [/credit card|kreditkarte|creditcard|carte de crédit|tarjeta de crédito/iu, "CREDIT_CARD"],
  [/overdraft|cash credit|\bod\b|\bcc a\/c|\bccod\b/iu, "OVERDRAFT"],
  [/current and savings/iu, null],
  [/saving|spaar|sparkonto|épargne|ahorro|risparmio|poupança|\bsb\b|\bsbchq\b/iu, "SAVINGS"],
  [
    /current|cheque account|checking|girokonto|betaal|compte courant|cuenta corriente|conto corrente|\bca\b|zahlungskonto/iu,
    "CURRENT",
  ],
];

function typeIn(text: string): Identity["accountType"] {
  return TYPES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const CORPORATE =
  /\b(ltd|limited|pvt|private|llp|llc|inc|plc|gmbh|ag|b\.?v|n\.?v|s\.?a|s\.?r\.?l|traders?|enterprises?|industries|company|corporation|associates|trust|society|solutions|agenc(?:y|ies)|stores?|m\/s|kg|oy|ab|pte)\b/iu;

/** Who and which account; every field null where the lines do not say it. */
export function readIdentity(rows: readonly Row[], labels: readonly Label[]): Identity {
  const own = accountNumbers(rows, labels, "accountNumber");
  const cards = accountNumbers(rows, labels, "cardNumber");
  const ibans = accountNumbers(rows, labels, "iban");
  const accountNumber = bestNumber(own) ?? bestNumber(ibans) ?? bestNumber(cards);
  const holder = readHolder(rows, labels);
  const routingNumber = first(rows, labels, "routing", codeIn(isRoutingNumber));
  const jointHolders = jointHoldersOf(rows, labels).filter((name) => name !== holder.name);
  const isCard =
    (own.length === 0 && cards.length > 0) || (accountNumber !== null && isMaskedCard(accountNumber));
  return {
    accountNumber,
    ...holder,
    ifsc: first(rows, labels, "ifsc", codeIn(isIfsc)),
    micr: first(rows, labels, "micr", codeIn(isMicr)),
    iban: [...ibans, ...own].find(isIban) ?? null,
    bic: first(rows, labels, "bic", codeIn(isBic)),
    sortCode: first(rows, labels, "sortCode", sortCodeIn),
    ...(routingNumber === null ? {} : { routingNumber }),
    ...(jointHolders.length === 0 ? {} : { jointHolders }),
    accountType: accountType(rows, labels, isCard),
    accountCategory: holder.name === null ? null : CORPORATE.test(holder.name) ? "corporate" : "individual",
  };
}

/** `NA`, `NIL` and `NONE` stand where there is nobody. */
const NOBODY = /^(?:n\.?\/?a\.?|nil|none|no|not applicable)$/iu;

function jointHoldersOf(rows: readonly Row[], labels: readonly Label[]): string[] {
  const names = labels.flatMap((label) => {
    const [value] = label.kind === "jointHolder" ? placesOf(rows, label) : [];
    return value?.text.split(/[,;/]| and /iu).map((name) => name.replace(/^[-:.\s]+/u, "").trim()) ?? [];
  });
  return [...new Set(names)].filter((name) => isName(name) && !NOBODY.test(name));
}

/** Sixteen places of which the first twelve are hidden: a payment card's number. */
function isMaskedCard(number: string): boolean {
  return /^[Xx*•]{12}\d{4}$/.test(number.replaceAll("-", ""));
}

function sortCodeIn(cell: Cell): string | null {
  const words = wordsOf(cell);
  return toSortCode(words[0] ?? "") ?? toSortCode(words.slice(0, 3).join(" "));
}
