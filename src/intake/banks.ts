/** Banks as callers name them: the contract's identifiers (reference §8.7), and those of banks that only we know. */
import { banks, fullBankName as nameOf, publishedIdentifier } from "../statement/banks/index.ts";
import type { ReachableBank } from "./net-banking/reach.ts";
import { identifiers } from "../statement/banks/identifiers.ts";

/** Where the contract names net banking (reference §8.7); PDFs are accepted for every bank. */
export const netBankingBanks: readonly string[] =
  "allahabad axis boi canara federal hdfc icici idfc indbnk indusind karnataka kotak pnbbnk rbl sib sbi ubi yesbnk".split(
    " ",
  );

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

/** Of the modes that a request may name. The account aggregator is not built. */
export const enabledModes = (reachable: readonly ReachableBank[]): ReadonlySet<SessionMode> =>
  new Set(reachable.length > 0 ? ["pdf", "online"] : ["pdf"]);

/** Without net banking. */
export const ENABLED_MODES: ReadonlySet<SessionMode> = enabledModes([]);

export interface CatalogueBank {
  /** As published, else in upper case. */
  id: string;
  name: string;
  netBanking: boolean;
}

/** Every bank that a request may name, with those that only a provider reaches, such as the sandbox bank. */
export function bankCatalogue(reachable: readonly ReachableBank[]): CatalogueBank[] {
  const online = new Map(reachable.map(({ bank, name }) => [bank, name]));
  const further = reachable.filter(({ bank }) => !KNOWN.has(bank));
  return [
    ...bankIdentifiers.map((id) => ({
      id: publishedIdentifier(id) ?? id.toUpperCase(),
      name: fullBankName(id),
      netBanking: online.has(id),
    })),
    ...further.map(({ bank, name }) => ({ id: bank.toUpperCase(), name, netBanking: true })),
  ];
}

/** Also a bank that only a provider reaches. */
export function findReachable(reachable: readonly ReachableBank[], text: string): ReachableBank | null {
  const id = text.trim().toLowerCase();
  return reachable.find(({ bank }) => bank === id) ?? null;
}
