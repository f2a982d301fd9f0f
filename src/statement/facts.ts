/** What a document says of itself around its table: account, holder, period, balances, totals. */
import { readBalances } from "./facts-balances.ts";
import { readCurrency } from "./facts-currency.ts";
import { readPeriod } from "./facts-period.ts";
import { readTotals } from "./facts-totals.ts";
import { readIdentity } from "./identity.ts";
import { findLabels, toRows } from "./identity-cells.ts";
import type { TableStyle } from "./tableline.ts";
import type { Facts, Line } from "./types.ts";

/**
 * Reads the facts out of lines in reading order. Give it the lines outside the table of one account: a narration
 * may hold anything, also the words of a label. Amounts are minor units; what is not said is null or empty.
 */
export function readFacts(lines: readonly Line[], style: TableStyle): Facts {
  const rows = toRows(lines);
  const labels = findLabels(rows);
  const identity = readIdentity(rows, labels);
  const period = readPeriod(rows, labels, style.dateOrder);
  const balances = readBalances(rows, labels, style, period);
  return {
    identity,
    currency: readCurrency(rows, labels, style) ?? currencyOfCodes(identity),
    period,
    openingBalances: balances.opening,
    closingBalances: balances.closing,
    printedTotals: readTotals(rows, labels, style),
  };
}

/** Countries of the euro whose banks print an IBAN and seldom a currency. */
const EURO = new Set("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(" "));

/** An Indian branch code, an American routing number, a British sort code or an IBAN of the euro leaves no doubt where nothing else is said. */
function currencyOfCodes({ ifsc, sortCode, iban, routingNumber }: Facts["identity"]): string | null {
  if (ifsc !== null) return "INR";
  if (routingNumber !== undefined) return "USD";
  if (sortCode !== null || iban?.startsWith("GB") === true) return "GBP";
  return iban !== null && EURO.has(iban.slice(0, 2)) ? "EUR" : null;
}
