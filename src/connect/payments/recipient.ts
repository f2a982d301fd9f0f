/** Whom a payment goes to: UK sort code and account number, or an IBAN. Pure. */

export interface Recipient {
  name: string;
  /** `12-34-56` */
  sort_code?: string;
  /** Eight digits. */
  account_number?: string;
  /** Upper case, without spaces. */
  iban?: string;
}

export interface RecipientFields {
  name?: string | undefined;
  sort_code?: string | undefined;
  account_number?: string | undefined;
  iban?: string | undefined;
}

export type RecipientFault = {
  code: "missing_parameter" | "invalid_parameter";
  /** Below the recipient. */
  param: "name" | "sort_code" | "account_number" | "iban";
  message: string;
};

/** ISO 20022 keeps 140 characters of a name; the bank may show fewer to the recipient. */
const LONGEST_NAME = 140;
// oxlint-disable-next-line no-control-regex -- they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Registered lengths (ISO 13616) of the countries whose banks a UK or SEPA payment reaches; others: 15 to 34. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  AD: 24, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22,
  GI: 23, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18,
  NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27,
}; // prettier-ignore

/** ISO 13616: the country's length, and 1 modulo 97 with the first four characters behind the rest. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const length = IBAN_LENGTHS[text.slice(0, 2)];
  if (length !== undefined && text.length !== length) return false;
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return BigInt(digits) % 97n === 1n;
}

/** `fault` names the first thing that is wrong. Spaces and hyphens between digits are the writer's own. */
export function readRecipient(fields: RecipientFields): Recipient | { fault: RecipientFault } {
  const fault = (param: RecipientFault["param"], message: string, isMissing = false) => ({
    fault: {
      code: isMissing ? ("missing_parameter" as const) : ("invalid_parameter" as const),
      param,
      message,
    },
  });
  const name = fields.name?.trim() ?? "";
  if (name === "") return fault("name", "The recipient's name is missing.", true);
  if (name.length > LONGEST_NAME || CONTROL.test(name))
    return fault("name", `A recipient's name has at most ${LONGEST_NAME} characters, all printable.`);
  const sortCode = fields.sort_code?.replace(/[\s-]/g, "") ?? "";
  const accountNumber = fields.account_number?.replace(/\s/g, "") ?? "";
  const iban = fields.iban?.replace(/\s/g, "").toUpperCase() ?? "";
  if (iban !== "") {
    if (sortCode !== "" || accountNumber !== "")
      return fault("iban", "A recipient has an IBAN, or a sort code and account number, not both.");
    return isIban(iban) ? { name, iban } : fault("iban", "This is not an IBAN.");
  }
  if (sortCode === "") return fault("sort_code", "The recipient's sort code or IBAN is missing.", true);
  if (!/^\d{6}$/.test(sortCode)) return fault("sort_code", "A sort code has six digits.");
  if (accountNumber === "")
    return fault("account_number", "The recipient's account number is missing.", true);
  if (!/^\d{8}$/.test(accountNumber)) return fault("account_number", "An account number has eight digits.");
  return {
    name,
    sort_code: sortCode.replace(/(\d\d)(\d\d)(\d\d)/, "$1-$2-$3"),
    account_number: accountNumber,
  };
}
