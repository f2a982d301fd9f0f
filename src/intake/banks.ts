/** Banks as callers name them: the contract's identifiers (reference §8.7), and those of banks that only we know. */
import { banks, fullBankName as nameOf, publishedIdentifier } from "../statement/banks/index.ts";
import { identifiers } from "../statement/banks/identifiers.ts";

/** Where net banking was ever offered (reference §8.7); PDFs are accepted for every bank. */
export const netBankingBanks: readonly string[] =
  "allahabad axis boi canara federal hdfc icici idfc indbnk indusind karnataka kotak pnbbnk rbl sib sbi ubi yesbnk".split(
    " ",
  );

const NET_BANKING: ReadonlySet<string> = new Set(netBankingBanks);

/** Lower case; the contract's in the order published, then ours: what an answer names, a request may name too. */
export const bankIdentifiers: readonly string[] = [
  ...new Set([...identifiers.map(([id]) => id.toLowerCase()), ...banks.map(({ id }) => id)]),
];

const KNOWN: ReadonlySet<string> = new Set(bankIdentifiers);

/** The identifier in lower case, null where there is no such bank. `other` is none. */
export function findBank(text: string): string | null {
  const id = text.trim().toLowerCase();
  return KNOWN.has(id) ? id : null;
}

/** `""` where unknown, as the contract has it. */
export const fullBankName = (id: string): string => nameOf(id) ?? "";

export type SessionMode = "pdf" | "aa" | "online";

/** What is built so far; the others come with net banking and the account aggregator. */
export const ENABLED_MODES: ReadonlySet<SessionMode> = new Set(["pdf"]);

export interface CatalogueBank {
  /** As published, else in upper case. */
  id: string;
  name: string;
  netBanking: boolean;
}

export const bankCatalogue = (): CatalogueBank[] =>
  bankIdentifiers.map((id) => ({
    id: publishedIdentifier(id) ?? id.toUpperCase(),
    name: fullBankName(id),
    netBanking: ENABLED_MODES.has("online") && offersNetBanking(id),
  }));

export const offersNetBanking = (id: string): boolean => NET_BANKING.has(id);
