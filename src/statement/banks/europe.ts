/** Banks of the United Kingdom and the continent. BIC and the bank part of the IBAN decide. */
import type { BankProfile } from "./profile.ts";

interface Codes {
  bics?: readonly string[];
  domains?: readonly string[];
  sortCodes?: readonly string[];
}

/** A British IBAN carries the first four letters of the BIC. */
const british = (id: string, name: string, pattern: RegExp, codes: Codes): BankProfile => ({
  id,
  name,
  country: "GB",
  names: [pattern],
  ...codes,
  ibans: (codes.bics ?? []).map((bic) => ({ country: "GB", bankCode: bic.slice(0, 4) })),
});

/** Dutch IBANs carry them too. */
const dutch = (id: string, name: string, pattern: RegExp, bic: string, domain: string): BankProfile => ({
  id,
  name,
  country: "NL",
  names: [pattern],
  bics: [`${bic}NL`],
  ibans: [{ country: "NL", bankCode: bic }],
  domains: [domain],
});

export const europe: readonly BankProfile[] = [
  british("barclays", "Barclays", /\bbarclays(?: bank)?\b/i, {
    bics: ["BARCGB", "BUKBGB"],
    domains: ["barclays.co.uk"],
  }),
  british("lloyds", "Lloyds Bank", /\blloyds bank\b/i, {
    bics: ["LOYDGB"],
    domains: ["lloydsbank.com", "lloydsbank.co.uk"],
  }),
  british("natwest", "NatWest", /\bnatwest\b|\bnational westminster bank\b/i, {
    bics: ["NWBKGB"],
    domains: ["natwest.com"],
  }),
  british("rbs", "Royal Bank of Scotland", /\broyal bank of scotland\b/i, {
    bics: ["RBOSGB"],
    domains: ["rbs.co.uk"],
  }),
  british("halifax", "Halifax", /^halifax(?: bank)?$|\bhalifax is a division\b/i, {
    bics: ["HLFXGB", "HALXGB"],
    domains: ["halifax.co.uk"],
  }),
  british("santander", "Santander UK", /\bsantander uk\b|^santander$/i, {
    bics: ["ABBYGB"],
    domains: ["santander.co.uk"],
  }),
  british("nationwide", "Nationwide Building Society", /\bnationwide building society\b/i, {
    bics: ["NAIAGB"],
    domains: ["nationwide.co.uk"],
  }),
  british("tsb", "TSB Bank", /\btsb bank\b/i, { bics: ["TSBSGB"], domains: ["tsb.co.uk"] }),
  british("metro", "Metro Bank", /\bmetro bank\b/i, { bics: ["MYMBGB"], domains: ["metrobankonline.co.uk"] }),
  british("monzo", "Monzo", /\bmonzo(?: bank)?\b/i, {
    bics: ["MONZGB"],
    domains: ["monzo.com"],
    sortCodes: ["04-00-03", "04-00-04", "04-00-06"],
  }),
  british("starling", "Starling Bank", /\bstarling bank\b/i, {
    bics: ["SRLGGB"],
    domains: ["starlingbank.com"],
    sortCodes: ["60-83-71", "60-83-66"],
  }),
  british("revolut", "Revolut", /\brevolut (?:ltd|bank|limited)\b/i, {
    bics: ["REVOGB"],
    domains: ["revolut.com"],
    sortCodes: ["04-00-75"],
  }),
  {
    id: "hsbc",
    name: "HSBC",
    country: "GB",
    names: [/\bhsbc\b/i],
    // The Indian branches, the ring-fenced British bank, the old British one, Hong Kong.
    ifscPrefixes: ["HSBC"],
    bics: ["HBUKGB", "MIDLGB", "HSBC"],
    ibans: [
      { country: "GB", bankCode: "HBUK" },
      { country: "GB", bankCode: "MIDL" },
    ],
    domains: ["hsbc.co.uk", "hsbc.com", "hsbc.co.in", "hsbc.com.hk", "hsbc.com.sg"],
  },
  {
    id: "deutsche",
    name: "Deutsche Bank",
    country: "DE",
    names: [/\bdeutsche bank\b/i],
    ifscPrefixes: ["DEUT"],
    bics: ["DEUT"],
    domains: ["deutsche-bank.de", "db.com"],
  },
  {
    id: "commerzbank",
    name: "Commerzbank",
    country: "DE",
    names: [/\bcommerzbank\b/i],
    bics: ["COBADE"],
    domains: ["commerzbank.de"],
  },
  {
    id: "n26",
    name: "N26",
    country: "DE",
    names: [/\bn26 bank\b/i],
    bics: ["NTSBDE"],
    ibans: [{ country: "DE", bankCode: "10011001" }],
    domains: ["n26.com"],
  },
  {
    id: "revolut_eu",
    name: "Revolut Bank UAB",
    country: "LT",
    names: [/\brevolut bank uab\b/i],
    bics: ["REVOLT"],
  },
  dutch("ing", "ING", /\bing bank\b|^ing\b/i, "INGB", "ing.nl"),
  dutch("rabobank", "Rabobank", /\brabobank\b/i, "RABO", "rabobank.nl"),
  dutch("abnamro", "ABN AMRO", /\babn amro\b/i, "ABNA", "abnamro.nl"),
  dutch("bunq", "bunq", /\bbunq\b/i, "BUNQ", "bunq.com"),
];
