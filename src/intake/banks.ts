/** The contract's banks (reference §8.7): 346 identifiers, published upper case, used lower case. */
import catalogue from "./banks.json" with { type: "json" };

const NAMES = new Map(catalogue.map(({ identifier, name }) => [identifier.toLowerCase(), name]));

/** Where net banking was ever offered; PDFs are accepted for every bank. */
const NET_BANKING = new Set(
  "allahabad axis boi canara federal hdfc icici idfc indbnk indusind karnataka kotak pnbbnk rbl sib sbi ubi yesbnk".split(
    " ",
  ),
);

/** Lower case, in the order published. */
export const bankIdentifiers: readonly string[] = [...NAMES.keys()];

/** The identifier in the form that the contract uses, null where there is no such bank. `other` is none. */
export function findBank(text: string): string | null {
  const id = text.trim().toLowerCase();
  return NAMES.has(id) ? id : null;
}

/** `""` where unknown, as the contract has it. */
export const fullBankName = (id: string): string => NAMES.get(id) ?? "";

export const offersNetBanking = (id: string): boolean => NET_BANKING.has(id);
