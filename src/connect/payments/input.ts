/** What a client asks to be paid, checked. Pure, but for what it asks of the configured providers. */
import { toMinor } from "../amounts.ts";
import { ConnectError } from "../errors.ts";
import type { Providers } from "../providers/provider.ts";
import { readRecipient, type Recipient, type RecipientFields } from "./recipient.ts";

export interface InstructionFields {
  /** Major units, as text or JSON number. */
  amount: string | number;
  reference: string;
  description?: string | undefined;
  recipient: RecipientFields;
}

export interface CheckedInstruction {
  amount: bigint;
  reference: string;
  description: string | null;
  recipient: Recipient;
}

/** What Faster Payments carry: 18 characters of the set that all banks pass on, and £1,000,000 (Pay.UK, since 2022). */
const REFERENCE = /^[A-Za-z0-9 /\-?:().,'+&]{1,18}$/;
const MOST_MAJOR = "1000000";
/** Each is authorized at the bank by itself. */
export const MOST_IN_BATCH = 50;
/** Currencies that payments are offered in; what a bank takes is for the bank to say. */
const CURRENCIES: readonly string[] = ["gbp", "eur"];

const invalid = (param: string, message: string) => new ConnectError("invalid_parameter", message, { param });

/** Throws ConnectError `invalid_parameter`. */
export function checkedCurrency(currency: string): string {
  if (!CURRENCIES.includes(currency))
    throw invalid("currency", `Payments are made in ${CURRENCIES.join(" or ")}.`);
  return currency;
}

/**
 * Throws ConnectError `missing_parameter` or `invalid_parameter`.
 * @param at how the client writes a field: `amount`, or `payments[0][amount]`
 */
export function checkedInstruction(
  fields: InstructionFields,
  currency: string,
  at: (...path: string[]) => string,
): CheckedInstruction {
  const amount = toMinor(fields.amount, currency);
  if (amount === null)
    throw invalid(at("amount"), `\`${at("amount")}\` is no amount of ${currency} such as 12.50.`);
  if (amount === 0n) throw invalid(at("amount"), `\`${at("amount")}\` is nothing.`);
  if (amount > (toMinor(MOST_MAJOR, currency) ?? 0n))
    throw invalid(at("amount"), `\`${at("amount")}\` is more than ${MOST_MAJOR}.`);
  if (!REFERENCE.test(fields.reference))
    throw invalid(
      at("reference"),
      `\`${at("reference")}\` has 1 to 18 letters, digits, spaces or /-?:().,'+&.`,
    );
  const recipient = readRecipient(fields.recipient);
  if ("fault" in recipient) {
    const { code, param, message } = recipient.fault;
    throw new ConnectError(code, message, { param: at("recipient", param) });
  }
  if (recipient.iban === undefined && currency !== "gbp")
    throw invalid(at("recipient", "sort_code"), "A sort code takes gbp only; name an IBAN.");
  return { amount, reference: fields.reference, description: fields.description ?? null, recipient };
}

/** Throws ConnectError where there is no such bank, or it takes no payments. */
export function checkedProvider(providers: Providers, id: string | null): string | null {
  if (id === null) return null;
  if (!providers.find(id)?.pis) throw invalid("provider", "There is no such provider with the role pis.");
  return id;
}

/** `amount`, `recipient[name]`. */
export const plainNames = (first: string, ...rest: string[]): string =>
  first + rest.map((part) => `[${part}]`).join("");
/** `payments[2][amount]`. */
export const batchNames =
  (index: number) =>
  (...path: string[]): string =>
    plainNames("payments", String(index), ...path);
