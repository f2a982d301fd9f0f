/** How merchant tables are written: group → names, comma separated; `*` leaves an end open. */
import type { MerchantCategory } from "../../types.ts";
import type { Signal } from "../signals.ts";

/** What a group of names stands for. */
export interface Group {
  category: MerchantCategory;
  signals: readonly Signal[];
}

export const GROUP_NAMES = [
  "alcohol",
  "gambling",
  "shopping",
  "groceries",
  "entertainment",
  "medical",
  "travel",
  "food",
  "fuel",
  "investments",
  "trading",
  "telco",
  "electric",
  "biller",
  "cardIssuer",
  "ewallet",
  "loans",
  "insurance",
  "tax",
  "bnpl",
] as const;

export type GroupName = (typeof GROUP_NAMES)[number];

export const GROUPS: Record<GroupName, Group> = {
  alcohol: { category: "alcohol", signals: ["merchant"] },
  gambling: { category: "gambling", signals: ["merchant"] },
  shopping: { category: "shopping", signals: ["merchant"] },
  groceries: { category: "groceries", signals: ["merchant"] },
  entertainment: { category: "entertainment", signals: ["merchant"] },
  medical: { category: "medical", signals: ["merchant"] },
  travel: { category: "travel", signals: ["merchant"] },
  food: { category: "food", signals: ["merchant"] },
  fuel: { category: "fuel", signals: ["merchant"] },
  investments: { category: "investments", signals: ["merchant", "investment"] },
  trading: { category: "trading", signals: ["merchant", "investment"] },
  telco: { category: "bills", signals: ["merchant", "bill", "telco"] },
  electric: { category: "bills", signals: ["merchant", "bill", "electric"] },
  biller: { category: "bills", signals: ["merchant", "bill"] },
  cardIssuer: { category: "bills", signals: ["merchant", "bill", "cardBill"] },
  ewallet: { category: "ewallet", signals: ["merchant"] },
  loans: { category: "loans", signals: ["merchant", "lender"] },
  insurance: { category: "insurance", signals: ["merchant"] },
  tax: { category: "tax", signals: ["merchant", "taxPaid"] },
  bnpl: { category: "bnpl", signals: ["merchant"] },
};

export interface MerchantTable {
  /** Names of businesses: they count wherever they stand. */
  names: Partial<Record<GroupName, string>>;
  /** Words of a trade (`PHARMACY`): they count only inside the counterparty's name, not in a remark. */
  words: Partial<Record<GroupName, string>>;
  /** Names that are ordinary words or people's too (`SKY`, `COSTA`): they count only as the whole name. */
  whole?: Partial<Record<GroupName, string>>;
}
