/** How money moves at each kind of customer: tables that the generator plays day by day. Every name is invented. */

/** Pence; a pair is a range that chance draws from. */
type Amount = number | readonly [least: number, most: number];

export interface Recurring {
  account: string;
  /** Day of the month. */
  day: number;
  /** Negative for debits. */
  sign: 1 | -1;
  amount: Amount;
  text: string;
  code: Code;
}

export interface Occasional {
  account: string;
  /** How likely on a day. */
  chance: number;
  sign: 1 | -1;
  amount: Amount;
  texts: readonly string[];
  code: Code;
  /** Merchant category code. */
  mcc?: string;
  /** Card purchases are pending for a day or two before they are booked. */
  pends?: boolean;
}

/** On that day what is above `keep` goes to the savings account; what lacks comes back. Whole tens of pounds. */
export interface Sweep {
  account: string;
  to: string;
  day: number;
  keep: number;
  text: string;
}

/** On that day the whole debt of the card is paid. */
export interface CardPayment {
  card: string;
  from: string;
  day: number;
}

export interface Profile {
  recurring: readonly Recurring[];
  occasional: readonly Occasional[];
  sweep?: Sweep;
  cardPayment?: CardPayment;
  /** So many entries over the history of the first start, evenly, instead of all tables. */
  busy?: { account: string; entries: number };
}

/** What the bank calls the kind of an entry; the standard's codes are in `api/transactions.ts`. */
export type Code = "DD" | "SO" | "FPI" | "FPO" | "BGC" | "DEB" | "CPT" | "INT" | "TFR" | "CHG";

export const PERSONAL: Profile = {
  recurring: [
    { account: "current", day: 25, sign: 1, amount: 298_318, text: "HALCYON DESIGN LTD SALARY", code: "BGC" },
    { account: "current", day: 1, sign: -1, amount: 95_000, text: "LARKFIELD LETTINGS RENT", code: "SO" },
    { account: "current", day: 3, sign: -1, amount: 14_250, text: "WESTMERE COUNCIL TAX", code: "DD" },
    { account: "current", day: 5, sign: -1, amount: [7_100, 13_900], text: "BRIGHTWELL ENERGY", code: "DD" },
    { account: "current", day: 8, sign: -1, amount: 3_150, text: "SILVERBROOK WATER", code: "DD" },
    { account: "current", day: 11, sign: -1, amount: 2_300, text: "TELLUS MOBILE", code: "DD" },
    { account: "current", day: 14, sign: -1, amount: 1_099, text: "MOONREEL STREAMING", code: "DD" },
    { account: "current", day: 17, sign: -1, amount: 18_840, text: "CALDER CAR FINANCE", code: "DD" },
    { account: "savings", day: 28, sign: 1, amount: [110, 890], text: "INTEREST", code: "INT" },
  ],
  occasional: [
    {
      account: "current",
      chance: 0.42,
      sign: -1,
      amount: [350, 7_800],
      texts: ["GREENBASKET STORES", "FENWICK & DAUGHTERS FOODS", "HARBOUR GROCERY"],
      code: "DEB",
      mcc: "5411",
      pends: true,
    },
    {
      account: "current",
      chance: 0.35,
      sign: -1,
      amount: [240, 890],
      texts: ["COPPER KETTLE CAFE", "BEAN & GONE"],
      code: "DEB",
      mcc: "5814",
      pends: true,
    },
    {
      account: "current",
      chance: 0.3,
      sign: -1,
      amount: [180, 1_450],
      texts: ["NORTHLINE TRAINS", "CITYHOP BUSES"],
      code: "DEB",
      mcc: "4111",
      pends: true,
    },
    {
      account: "current",
      chance: 0.06,
      sign: -1,
      amount: [2_000, 10_000],
      texts: ["CASH HARBOUR ST", "CASH MARKET SQ"],
      code: "CPT",
    },
    {
      account: "current",
      chance: 0.05,
      sign: -1,
      amount: [500, 6_000],
      texts: ["J FERN DINNER", "M OAKES TICKETS"],
      code: "FPO",
    },
    {
      account: "current",
      chance: 0.03,
      sign: 1,
      amount: [500, 4_500],
      texts: ["P WILLOW SHARE OF BILL"],
      code: "FPI",
    },
    {
      account: "card",
      chance: 0.28,
      sign: -1,
      amount: [900, 12_500],
      texts: ["PAPERMOON BOOKS", "THREADNEEDLE CLOTHING", "OAK & ANVIL HOMEWARE"],
      code: "DEB",
      mcc: "5999",
      pends: true,
    },
  ],
  sweep: { account: "current", to: "savings", day: 27, keep: 500_000, text: "TRANSFER TO SAVER" },
  cardPayment: { card: "card", from: "current", day: 20 },
};

export const BUSINESS: Profile = {
  recurring: [
    { account: "current", day: 2, sign: -1, amount: 185_000, text: "QUAYSIDE STUDIOS RENT", code: "SO" },
    {
      account: "current",
      day: 7,
      sign: -1,
      amount: [21_000, 39_000],
      text: "BRIGHTWELL ENERGY BUSINESS",
      code: "DD",
    },
    { account: "current", day: 12, sign: -1, amount: 6_490, text: "LEDGERLY SOFTWARE", code: "DD" },
    {
      account: "current",
      day: 22,
      sign: -1,
      amount: [410_000, 690_000],
      text: "TAX OFFICE VAT",
      code: "FPO",
    },
    { account: "current", day: 26, sign: -1, amount: 284_000, text: "WAGES A ROWAN", code: "FPO" },
    { account: "current", day: 26, sign: -1, amount: 251_500, text: "WAGES T HAZEL", code: "FPO" },
    { account: "current", day: 28, sign: -1, amount: 1_250, text: "ACCOUNT FEE", code: "CHG" },
  ],
  occasional: [
    {
      account: "current",
      chance: 0.5,
      sign: 1,
      amount: [18_000, 240_000],
      texts: ["KESTREL RETAIL INVOICE", "ALDER & ASH INVOICE", "TIDEWATER HOTELS INVOICE"],
      code: "FPI",
    },
    {
      account: "current",
      chance: 0.4,
      sign: -1,
      amount: [1_500, 68_000],
      texts: ["MILLHOUSE TIMBER", "INKWELL PRINT", "RELAY COURIERS"],
      code: "DEB",
      mcc: "5199",
      pends: true,
    },
  ],
  sweep: { account: "current", to: "savings", day: 28, keep: 2_000_000, text: "TRANSFER TO RESERVE" },
};

/** One of everything a day, so that 100,000 pass within two years. */
export const BUSY: Profile = {
  recurring: [],
  occasional: [
    {
      account: "current",
      chance: 1,
      sign: 1,
      amount: [120, 4_800],
      texts: ["CARD TAKINGS STALL 1", "CARD TAKINGS STALL 2", "CARD TAKINGS KIOSK"],
      code: "BGC",
    },
    {
      account: "current",
      chance: 1,
      sign: -1,
      amount: [120, 4_700],
      texts: ["GREENBASKET WHOLESALE", "HARBOUR FISH MARKET", "RELAY COURIERS"],
      code: "DEB",
      mcc: "5199",
    },
  ],
  busy: { account: "current", entries: 100_000 },
};
