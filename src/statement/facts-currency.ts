/** The currency that a document names, or prints beside its amounts. */
import { amountOf } from "./facts-amount.ts";
import { type Label, placesOf, type Row } from "./identity-cells.ts";
import type { TableStyle } from "./tableline.ts";

/** Names of currencies, for `CURRENCY: SINGAPORE DOLLAR`. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/singapore dollar/i, "SGD"],
  [/hong kong dollar/i, "HKD"],
  [/australian dollar/i, "AUD"],
  [/canadian dollar/i, "CAD"],
  [/(?:us|united states) dollar/i, "USD"],
  [/(?:indian )?rupees?\b/i, "INR"],
  [/naira/i, "NGN"],
  [/pounds? sterling|british pound/i, "GBP"],
  [/\beuros?\b/i, "EUR"],
  [/renminbi|yuan|人民币/i, "CNY"],
  [/dirham/i, "AED"],
  [/ringgit/i, "MYR"],
  [/rupiah/i, "IDR"],
  [/swiss franc|schweizer franken/i, "CHF"],
];

const CODE = /^\(?([A-Z]{3})\)?$/;
const KNOWN = new Set(
  "INR USD EUR GBP SGD NGN CNY HKD AUD CAD CHF AED MYR IDR THB PHP JPY KES GHS ZAR SAR QAR NZD SEK NOK DKK PLN TRY BRL MXN LKR BDT PKR NPR KWD BHD OMR JOD TND".split(
    " ",
  ),
);

/** ISO 4217 as labelled, or as most amounts around the table carry it; null where nothing says so. */
export function readCurrency(
  rows: readonly Row[],
  labels: readonly Label[],
  style: TableStyle,
): string | null {
  for (const label of labels) {
    if (label.kind !== "currency") continue;
    for (const place of placesOf(rows, label)) {
      const name = currencyIn(place.text);
      if (name !== null) return name;
    }
  }
  const votes = new Map<string, number>();
  let dollars = 0;
  for (const row of rows) {
    for (const cell of row.cells) {
      const amount = amountOf(cell, style) ?? amountOf(cell, style, Math.max(0, cell.tokens.length - 2));
      const code = amount?.currency ?? titleCurrency(cell.text);
      if (code !== null) votes.set(code, (votes.get(code) ?? 0) + 1);
      if (/^[-+]?\$|\(\$\)|^\$ /.test(cell.text)) dollars += 1;
    }
  }
  const [best] = [...votes].toSorted((a, b) => b[1] - a[1]);
  if (best !== undefined) return best[0];
  // A bare dollar with the month first is an American's.
  return dollars > 0 && style.dateOrder === "mdy" ? "USD" : null;
}

function currencyIn(text: string): string | null {
  for (const word of text.split(/[\s/-]+/)) {
    const code = CODE.exec(word)?.[1];
    if (code !== undefined && KNOWN.has(code)) return code;
  }
  return NAMES.find(([name]) => name.test(text))?.[1] ?? null;
}

const IN_TITLE = /\((₹|₦|€|£|Rs\.?|[A-Z]{3})\)/;
const TITLE_SYMBOLS: Readonly<Record<string, string>> = {
  "₹": "INR",
  "₦": "NGN",
  "€": "EUR",
  "£": "GBP",
  Rs: "INR",
  "Rs.": "INR",
};

/** `Debit(₦)`, `(GBP) Balance`: the currency in brackets in a title. */
function titleCurrency(text: string): string | null {
  const inside = IN_TITLE.exec(text)?.[1];
  if (inside === undefined) return null;
  return TITLE_SYMBOLS[inside] ?? (KNOWN.has(inside) ? inside : null);
}
