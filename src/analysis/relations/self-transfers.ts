/** Money that stays the holder's: own names, own accounts, own companies, and legs between the session's accounts. */
import type { Channel, KnownParties, LabelledTransaction } from "../types.ts";
import { pairLegs, type Leg, type With } from "./legs.ts";
import { createCompanyFinder, createLikeness, namesCompany } from "./names.ts";
import type { AccountRows, Row } from "./rows.ts";
import { companyWords, isBusiness, remember, type Folder } from "./words.ts";

export interface SelfTransfers {
  selfTransfers: Set<string>;
  /** With companies of `metadata`: a part of `selfTransfers`. */
  sisterTransfers: Set<string>;
}

/** Only these can be a transfer to oneself; cash, cards, charges, salary and investments are something else. */
const TRANSFERS: ReadonlySet<Channel> = new Set([
  "upi",
  "net_banking_transfer",
  "self_transfer",
  "chq",
  "demand_draft",
  "auto_credit",
  "Others",
]);

/** What the client calls a transfer between own companies is one, even where the narration says SALARY. */
const COMPANY_TRANSFERS: ReadonlySet<Channel> = new Set([...TRANSFERS, "salary", "auto_debit_payment"]);

/** Masked numbers show four digits; fewer are nobody's in particular. */
const SHORTEST_ACCOUNT_TAIL = 4;

/** `leftOut`: hashes of loans, reversals and what they reverse; `employers` as companyWords gives them. */
export function findSelfTransfers(
  accounts: readonly AccountRows[],
  known: KnownParties,
  employers: readonly (readonly string[])[],
  leftOut: ReadonlySet<string>,
  fold: Folder,
): SelfTransfers {
  const findCompany = createCompanyFinder(known.companies.map((name) => companyWords(fold(name))));
  const findEmployer = createCompanyFinder(employers);
  const withWhom = createWithWhom(accounts, known, fold);
  const found: SelfTransfers = { selfTransfers: new Set(), sisterTransfers: new Set() };
  const legs: Leg[] = [];
  for (const row of accounts.flatMap(({ rows }) => rows)) {
    const { hash, channel } = row.transaction;
    if (leftOut.has(hash)) continue;
    if (known.companies.length > 0 && COMPANY_TRANSFERS.has(channel)) {
      const words = partyWords(row.transaction, fold);
      if (findCompany(words) >= 0 && findEmployer(words) < 0) {
        found.sisterTransfers.add(hash);
        found.selfTransfers.add(hash);
      }
    }
    if (!TRANSFERS.has(channel)) continue;
    const relation = withWhom(row);
    if (relation === "holder") found.selfTransfers.add(hash);
    legs.push({ row, with: relation });
  }
  if (accounts.length > 1) {
    for (const [debit, credit] of pairLegs(legs)) {
      found.selfTransfers.add(debit.transaction.hash).add(credit.transaction.hash);
    }
  }
  return found;
}

/** Words that say whom a transaction is with: the name where one is told, else the whole narration. */
export const partyWords = ({ counterparty, narration }: LabelledTransaction, fold: Folder): string[] =>
  fold(counterparty.name ?? narration);

function createWithWhom(
  accounts: readonly AccountRows[],
  known: KnownParties,
  fold: Folder,
): (row: Row) => With {
  const holders = accounts.flatMap(({ profile }) => profile.holder ?? []);
  const names = [...new Set([...known.ownNames, ...holders])].map(fold).filter((words) => words.length > 0);
  // A firm's account: the firm is the holder, printed with or without its legal form.
  const firms = names.filter(isBusiness).map(companyWords);
  const numbers = accounts.flatMap(({ profile }) => {
    const digits = digitsOf(profile.accountNumber);
    return digits === null ? [] : [{ id: profile.id, digits }];
  });
  const likeness = createLikeness(names);
  const ofName = remember((name): With => {
    const words = fold(name);
    const found = firms.some((firm) => isFirm(firm, words)) ? "same" : likeness(words);
    return found === "same" ? "holder" : found === "maybe" ? "perhaps" : "other";
  });

  return ({ transaction: { channel, description, counterparty }, profile }) => {
    if (channel === "self_transfer" || description === "self_transfer") return "holder";
    const { name, vpa, account } = counterparty;
    // Its own number in an account's narration says nothing.
    const others = numbers.filter(({ id }) => id !== profile.id).map(({ digits }) => digits);
    const number = account === null ? "other" : ownNumber(account, others);
    if (number === "holder") return number;
    if (name !== null && name.trim() !== "") return ofName(name);
    if (number === "perhaps") return number;
    return vpa === null ? "nobody" : ofAddress(vpa, ofName);
  };
}

/** `asha.rao92@okbank` may be the holder's; a mobile number is nobody's in particular. */
function ofAddress(vpa: string, ofName: (name: string) => With): With {
  const letters = (vpa.split("@")[0] ?? "").replace(/[^\p{L}]+/gu, " ").trim();
  return letters === "" ? "nobody" : ofName(letters);
}

/** The whole number is the holder's account; the same last digits of a masked one are so perhaps. */
function ownNumber(printed: string, numbers: readonly string[]): With {
  const digits = digitsOf(printed);
  if (digits === null) return "other";
  if (numbers.includes(digits) && !/[X*]/i.test(printed)) return "holder";
  return numbers.some((number) => number.endsWith(digits) || digits.endsWith(number)) ? "perhaps" : "other";
}

/** The digits after the mask, without leading zeros; null where too few are shown. */
function digitsOf(number: string | null): string | null {
  const tail = number?.replace(/[\s-]/g, "").match(/\d+$/)?.[0];
  return tail && tail.length >= SHORTEST_ACCOUNT_TAIL ? tail.replace(/^0+(?=\d{4})/, "") : null;
}

const isFirm = (firm: readonly string[], words: readonly string[]): boolean => {
  const printed = companyWords(words);
  return namesCompany(firm, printed) && printed.length <= firm.length;
};
