/**
 * Whose statement it is. Evidence in order: the branch code of the account, the bank in IBAN or BIC, a sort code that
 * one bank alone uses, the bank's domain, its name in the page head, its name in the title or in repeated footers.
 */
import type { Bank, DocumentMetadata, Facts, Line } from "../types.ts";
import { identifiers } from "./identifiers.ts";
import { type BankProfile, banks } from "./index.ts";

/** Lines of the first page that count as its head. */
const HEAD = 14;

/**
 * Give it only lines outside the table: a bank named in a narration must not win.
 * Null where nothing names a bank that we know, or where the evidence names two.
 */
export function detectBank(lines: readonly Line[], facts: Facts, metadata: DocumentMetadata): Bank | null {
  const own = lines.filter((line) => !isOfHolder(line.text, facts));
  const found =
    byIfsc(facts) ??
    byIban(facts) ??
    byBic(facts) ??
    bySortCode(facts) ??
    byDomain(own) ??
    byHead(own, namedIn) ??
    byHead(own, contractBankIn) ??
    byMetadata(metadata) ??
    byRepetition(own);
  return found && { id: found.id, name: found.name, country: found.country };
}

type Found = Bank | null;

function byIfsc({ identity: { ifsc } }: Facts): Found {
  if (ifsc === null) return null;
  const prefix = ifsc.slice(0, 4);
  return banks.find((bank) => bank.ifscPrefixes?.includes(prefix)) ?? null;
}

function byIban({ identity: { iban } }: Facts): Found {
  if (iban === null) return null;
  const basic = iban.slice(4);
  return (
    banks.find((bank) =>
      bank.ibans?.some(({ country, bankCode }) => iban.startsWith(country) && basic.startsWith(bankCode)),
    ) ?? null
  );
}

function byBic({ identity: { bic } }: Facts): Found {
  return bic === null
    ? null
    : (banks.find((bank) => bank.bics?.some((code) => bic.startsWith(code))) ?? null);
}

function bySortCode({ identity: { sortCode } }: Facts): Found {
  return sortCode === null ? null : (banks.find((bank) => bank.sortCodes?.includes(sortCode)) ?? null);
}

const HOST = /(@?)\b((?:[a-z0-9-]+\.)+[a-z]{2,})\b/g;

/** A page that shows the domains of two banks (an advertisement, a complaint office) proves neither. */
function byDomain(lines: readonly Line[]): Found {
  const found = new Set<BankProfile>();
  for (const line of lines) {
    for (const [, , host = ""] of line.text.toLowerCase().matchAll(HOST)) {
      const bank = banks.find(({ domains }) =>
        domains?.some((domain) => host === domain || host.endsWith(`.${domain}`)),
      );
      if (bank !== undefined) found.add(bank);
    }
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

function byHead(lines: readonly Line[], bankIn: (text: string) => Found): Found {
  const first = lines[0]?.page;
  for (const line of lines.slice(0, HEAD)) {
    if (line.page !== first) break;
    const bank = bankIn(line.text);
    if (bank !== null) return bank;
  }
  return null;
}

/** `The Kalupur Commercial Co-operative Bank Ltd.` and `Kalupur Commercial Co-op. Bank` are one name. */
function foldName(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/co-? ?op(?:erative|p)?\b\.?/g, "coop")
    .replace(/[^\p{L}\p{N}&]+/gu, " ")
    .replace(/\b(?:the|ltd|limited)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim()} `;
}

/** The contract's smaller banks, for which we have no profile: their full name of three words or more. */
const CONTRACT: readonly (readonly [folded: string, bank: Bank])[] = identifiers
  .map(([id, name]) => [foldName(name), { id: id.toLowerCase(), name, country: "IN" }] as const)
  .filter(([folded]) => folded.trim().split(" ").length >= 3)
  .toSorted(([a], [b]) => b.length - a.length);

function contractBankIn(text: string): Found {
  const folded = foldName(text);
  return CONTRACT.find(([name]) => folded.includes(name))?.[1] ?? null;
}

/** Landmarks of an address and the other side of a transfer: `OPP AXIS BANK`, `paid to HDFC Bank`. */
const MENTION =
  /\b(?:near|nr|opp|opposite|behind|beside|next to|adjacent to|above|below|c\/o|w\/o|s\/o|d\/o|via|to|from|through|with|other than|formerly|erstwhile|ifsc|neft|imps|upi)[.:,]?\s+(?:the\s+)?$/iu;

const ADDRESS = /\S*@\S+|\b(?:[a-z0-9-]+\.)+(?:com|in|net|org|uk|co|de|nl|sg|ng|eu|io)\b\S*/giu;

/** The one bank that a line names; of two, the longer name wins (`Union Bank of India`, not `Bank of India`). */
function namedIn(line: string): BankProfile | null {
  // A domain has its own rule; `hdfcbank.com` is not the name again.
  const text = line.replace(ADDRESS, "");
  let best: { bank: BankProfile; length: number } | null = null;
  for (const bank of banks) {
    for (const name of bank.names) {
      const match = name.exec(text);
      if (match === null || MENTION.test(text.slice(0, match.index))) continue;
      if (best === null || match[0].length > best.length) best = { bank, length: match[0].length };
    }
  }
  return best?.bank ?? null;
}

/** The issuing program often signs with the bank's name where the page shows only a picture of it. */
function byMetadata({ author, title, creator }: DocumentMetadata): Found {
  for (const text of [author, title, creator]) {
    const bank = text === null ? null : namedIn(text);
    if (bank !== null) return bank;
  }
  return null;
}

const LEGAL =
  /\b(?:regd?|registered|reg\.) ?(?:office|off|address|in)|\b(?:ltd|limited|plc|n\.a|n\.v|ag|inc)\b/iu;

/** A footer that stands on several pages, or names the company with its registered office. Two banks prove neither. */
function byRepetition(lines: readonly Line[]): Found {
  const pages = new Map<BankProfile, Set<number>>();
  const legal = new Set<BankProfile>();
  for (const line of lines) {
    const bank = namedIn(line.text);
    if (bank === null) continue;
    pages.set(bank, (pages.get(bank) ?? new Set<number>()).add(line.page));
    if (LEGAL.test(line.text)) legal.add(bank);
  }
  const found = [...pages].filter(([bank, on]) => on.size > 1 || legal.has(bank)).map(([bank]) => bank);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The customer may live near a bank, or be one. */
function isOfHolder(text: string, { identity: { name, address } }: Facts): boolean {
  if (name !== null && text.includes(name)) return true;
  const trimmed = text.trim().replace(/,+$/, "");
  return address !== null && trimmed.length > 3 && address.includes(trimmed);
}
