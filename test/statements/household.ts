/** Three months of an invented household, told rather than drawn by lot: what the demo and the README show. */
import type { Told } from "./types.ts";

/** [day of month, narration, kind, rupees per month; one for all three, or one each]. Credits are marked `+`. */
type Line = readonly [
  day: number,
  narration: string,
  kind: string,
  rupees: string | readonly [string, string, string],
];

const LINES: readonly Line[] = [
  [
    1,
    "NEFT CR-ICIC0000999-QUARTZ MILLS PVT LTD-SALARY #-2093623776#5",
    "NEFT",
    ["+62480.00", "+61960.00", "+65250.00"],
  ],
  [2, "IMPS-4539242635#0-ROHAN T-SBIN0009999-RENT", "IMPS", "18000.00"],
  [3, "UPI/80096780001#/DR/CEDAR GROCERS/PAYMENT", "UPI", ["1243.50", "1387.00", "1120.25"]],
  [4, "POS 400000XXXXXX0009 JUNIPER FUEL STATION", "POS", ["2000.00", "1800.00", "2100.00"]],
  [5, "ACH D- LANTERN FINANCE LTD-EMI 39184993440#", "ACH", "6450.00"],
  [6, "UPI/80096780002#/DR/SAMPLE TIFFINS/LUNCH", "UPI", ["180.00", "240.00", "195.00"]],
  [7, "ACH D- KITE MUTUAL FUND SIP-77100002#", "ACH", "5000.00"],
  [8, "BILLPAY ELECTRICITY PAPER KITE POWER LTD-5520#", "BILL", ["1876.00", "1644.00", "1511.00"]],
  [9, "ATW-400000XXXXXX0009-S1AWPK52-OLD TOWN", "ATM", ["4000.00", "3000.00", "5000.00"]],
  [10, "UPI/80096780003#/DR/KAVERI STORES/MILK", "UPI", ["640.00", "615.00", "702.00"]],
  [11, "UPI/80096780004#/DR/ANIKA B/BIRTHDAY", "UPI", ["1500.00", "500.00", "1001.00"]],
  [12, "UPI/80096780005#/CR/SANA QUADRI/BILL SHARE", "UPI", ["+750.00", "+1120.00", "+430.00"]],
  [13, "POS 400000XXXXXX0009 MAPLE PHARMACY", "POS", ["386.40", "129.00", "948.75"]],
  [14, "UPI/80096780006#/DR/CEDAR GROCERS/PAYMENT", "UPI", ["987.00", "1165.50", "1043.00"]],
  [15, "BILLPAY BROADBAND HERON FIBRE-7790#", "BILL", "799.00"],
  [16, "UPI/80096780007#/DR/OAK CABS/RIDE", "UPI", ["214.00", "176.00", "331.00"]],
  [17, "POS 400000XXXXXX0009 WILLOW DRESSES", "POS", ["2499.00", "1299.00", "3150.00"]],
  [18, "UPI/80096780008#/DR/SAMPLE TIFFINS/DINNER", "UPI", ["420.00", "365.00", "512.00"]],
  [19, "CHQ PAID-MICR CTS-GREEN COURT SOCIETY", "CHQ", "2200.00"],
  [20, "UPI/80096780009#/DR/FINCH TELECOM/RECHARGE", "UPI", "299.00"],
  [21, "UPI/80096780010#/DR/KAVERI STORES/MILK", "UPI", ["580.00", "655.00", "610.00"]],
  [22, "POS 400000XXXXXX0009 LARCH BOOKS", "POS", ["450.00", "725.00", "299.00"]],
  [23, "UPI/80096780011#/DR/CEDAR GROCERS/PAYMENT", "UPI", ["1322.00", "1094.25", "1431.50"]],
  [24, "NEFT DR-UTIB0000999-VIKRAM LOHANI-N5659206669#1", "NEFT", ["3000.00", "2500.00", "3000.00"]],
  [25, "UPI/80096780012#/DR/ROWAN CINEMA/TICKETS", "UPI", ["640.00", "320.00", "480.00"]],
  [26, "UPI/80096780013#/DR/OAK CABS/RIDE", "UPI", ["198.00", "240.00", "187.00"]],
  [27, "POS 400000XXXXXX0009 CEDAR GROCERS", "POS", ["1876.30", "2044.90", "1699.00"]],
  [28, "INTEREST PAID TILL 28 #", "INT", ["+412.00", "+398.00", "+427.00"]],
];

const MONTHS = ["JAN", "FEB", "MAR"] as const;
const YEAR = 2024;

/** 84 entries, in the order of their days. */
export const household: readonly Told[] = MONTHS.flatMap((name, month) =>
  LINES.map(([day, narration, kind, rupees]): Told => {
    const printed = typeof rupees === "string" ? rupees : (rupees[month] ?? "0.00");
    const mark = /SALARY|TILL/.test(narration) ? name : String(month + 1);
    return {
      date: Temporal.PlainDate.from({ year: YEAR, month: month + 1, day }),
      narration: narration.replace("#", mark).replaceAll("#", String(month + 1)),
      kind,
      reference: kind === "CHQ" ? `10023${month + 1}` : "",
      direction: printed.startsWith("+") ? "credit" : "debit",
      amount: BigInt(printed.replace("+", "").replace(".", "")),
    };
  }),
);
