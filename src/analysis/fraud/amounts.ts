/** Amounts that the rules of a payment or of a tax do not allow, or that hardly happen. */
import { isInRupees, minor, RUPEE, type Facts, type Found } from "./facts.ts";

/** The Reserve Bank's least amount of an RTGS payment by a customer: 2 lakh rupees. */
const LEAST_RTGS = 200_000n * RUPEE;

/** A charge for an RTGS payment names it too; `NEFT/RTGS` says that the narration does not know. */
const BOTH_SCHEMES = /\bNEFT\b/i;

export function findSmallRtgs(facts: Facts): Found[] {
  if (!isInRupees(facts)) return [];
  return facts.rows
    .filter(
      ({ transaction: { scheme, channel, amount, narration } }) =>
        scheme === "RTGS" &&
        channel !== "bank_charge" &&
        amount < LEAST_RTGS &&
        !BOTH_SCHEMES.test(narration),
    )
    .map(({ transaction: { hash, amount } }) => ({
      transactionHash: hash,
      evidence: { amountMinor: minor(amount), leastMinor: minor(LEAST_RTGS) },
    }));
}

const ROUND_TAX = 100n * RUPEE;
/** Professional tax and late fees are small and round by law. */
const LEAST_TAX = 1000n * RUPEE;
/** Income tax is rounded to ten rupees: one in ten is a multiple of 100 by chance, three of three one in a thousand. */
const FEWEST_TAXES = 3;

/** Every tax payment worth looking at is a multiple of 100: one finding for each. */
export function findRoundTax(facts: Facts): Found[] {
  if (!isInRupees(facts)) return [];
  const taxes = facts.rows.filter(
    ({ transaction: { merchantCategory, direction, amount, channel } }) =>
      merchantCategory === "tax" && direction === "debit" && amount >= LEAST_TAX && channel !== "bank_charge",
  );
  const isRound = taxes.every(({ transaction }) => transaction.amount % ROUND_TAX === 0n);
  if (taxes.length < FEWEST_TAXES || !isRound) return [];
  return taxes.map(({ transaction: { hash, amount } }) => ({
    transactionHash: hash,
    evidence: { amountMinor: minor(amount), multipleOfMinor: minor(ROUND_TAX), taxPayments: taxes.length },
  }));
}
