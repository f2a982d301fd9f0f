/** Every bank we know, and the identifiers of the contract. */
import { europe } from "./europe.ts";
import { identifiers } from "./identifiers.ts";
import { india } from "./india.ts";
import type { BankProfile } from "./profile.ts";
import { world } from "./world.ts";

export type { BankProfile } from "./profile.ts";

export const banks: readonly BankProfile[] = [...india, ...europe, ...world];

const names = new Map(identifiers.map(([identifier, name]) => [identifier.toLowerCase(), name]));
const published = new Map(identifiers.map(([identifier]) => [identifier.toLowerCase(), identifier]));
const profiles = new Map(banks.map((bank) => [bank.id, bank]));

/** Whether the contract lists this identifier. Case is ignored: `HDFC`, `hdfc`, `Model`, `pune merchants`. */
export function isKnownIdentifier(id: string): boolean {
  return names.has(id.toLowerCase());
}

/** The identifier as the contract publishes it (`HDFC`, but `model`), or null for one it does not list. */
export function publishedIdentifier(id: string): string | null {
  return published.get(id.toLowerCase()) ?? null;
}

/** The contract's full name, else ours for a bank it does not list, else null. Case is ignored. */
export function fullBankName(id: string): string | null {
  const key = id.toLowerCase();
  return names.get(key) ?? profiles.get(key)?.name ?? null;
}
