/** Heads in the shapes that banks print them, filled with invented people, and what must be read from them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawLines } from "../../test/statements/lines.ts";
import type { DateOrder } from "./dates.ts";
import { readFacts } from "./facts.ts";

interface Head {
  bank: string;
  order?: DateOrder;
  lines: readonly string[];
  expected: Readonly<Record<string, string | null>>;
}

const heads: readonly Head[] = [
  {
    bank: "hdfc: name and address left, the branch's address right",
    lines: [
      "Page No .: 1                                 Statement of account",
      "MR. AARAV KULSHRETTI                Account Branch : LAKEVIEW ROAD",
      "FLAT 12 NEELKAMAL TOWERS            Address        : SHOP 3 LAKEVIEW ROAD",
      "SECTOR 91 LAKEVIEW ROAD                              GROUND FLOOR",
      "NAVIPUR 400999                      City           : NAVIPUR 400999",
      "MAHARASHTRA INDIA                   State          : MAHARASHTRA",
      "                                    Phone no.      : 18009992616",
      "                                    OD Limit       : 0.00 Currency : INR",
      "                                    Cust ID        : 99912345",
      "JOINT HOLDERS :                     Account No     : 50100999123456 OTHER",
      "                                    A/C Open Date  : 12/03/2016",
      "Nomination : Registered             RTGS/NEFT IFSC: HDFC0000999 MICR : 400240999",
      "Statement From : 01/04/2023 To : 30/06/2023",
    ],
    expected: {
      name: "MR. AARAV KULSHRETTI",
      address: "FLAT 12 NEELKAMAL TOWERS, SECTOR 91 LAKEVIEW ROAD, NAVIPUR 400999, MAHARASHTRA INDIA",
      accountNumber: "50100999123456",
      ifsc: "HDFC0000999",
      micr: "400240999",
      currency: "INR",
      period: "2023-04-01 2023-06-30",
    },
  },
  {
    bank: "sbi: one list, a dated balance",
    lines: [
      "Account Name          : Mr. AARAV KULSHRETTI",
      "Address               : FLAT 12 NEELKAMAL TOWERS",
      "                        SECTOR 91 LAKEVIEW ROAD",
      "                        NAVIPUR-400999",
      "Date                  : 1 May 2024",
      "Account Number        : 00000039991234567",
      "Account Description   : REGULAR SB CHQ-INDIVIDUALS",
      "Branch                : LAKEVIEW",
      "Drawing Power         : 0.00",
      "MOD Balance           : 0.00",
      "CIF No.               : 90999123456",
      "IFS Code              : SBIN0009999",
      "MICR Code             : 400002999",
      "Balance as on 1 Apr 2024      : 12,345.67",
      "Account Statement from 1 Apr 2024 to 30 Apr 2024",
    ],
    expected: {
      name: "Mr. AARAV KULSHRETTI",
      address: "FLAT 12 NEELKAMAL TOWERS, SECTOR 91 LAKEVIEW ROAD, NAVIPUR-400999",
      accountNumber: "00000039991234567",
      accountType: "SAVINGS",
      ifsc: "SBIN0009999",
      micr: "400002999",
      opening: "1234567",
      period: "2024-04-01 2024-04-30",
    },
  },
  {
    bank: "icici: labels with their values in one cell",
    lines: [
      "DETAILED STATEMENT",
      "Name: AARAV KULSHRETTI              A/C Branch: NAVIPUR",
      "Address: FLAT 12, NEELKAMAL TOWERS, SECTOR 91,",
      "A/C No: 019901512345                Jt. Holder:",
      "A/C Type: SAVING                    Cust ID: 599912345",
      "Transaction Period: From 01/04/2024 To 30/04/2024",
    ],
    expected: {
      name: "AARAV KULSHRETTI",
      address: "FLAT 12, NEELKAMAL TOWERS, SECTOR 91",
      accountNumber: "019901512345",
      accountType: "SAVINGS",
      period: "2024-04-01 2024-04-30",
    },
  },
  {
    bank: "axis: a joint holder between name and address, the number in a sentence",
    lines: [
      "AARAV KULSHRETTI",
      "Joint Holder :- -",
      "FLAT 12 NEELKAMAL TOWERS                 Customer No :999123456",
      "SECTOR 91 LAKEVIEW ROAD                  Scheme :SB-EASY ACCESS",
      "NAVIPUR                                  Currency :INR",
      "MAHARASHTRA-INDIA",
      "400999",
      "Registered Mobile No :XXXXXX9999",
      "IFSC Code :UTIB0000999                   MICR Code :400211999",
      "Statement of Account No :912010099912345 for the period (From : 01-04-2024 To : 30-04-2024)",
    ],
    expected: {
      name: "AARAV KULSHRETTI",
      address: "FLAT 12 NEELKAMAL TOWERS, SECTOR 91 LAKEVIEW ROAD, NAVIPUR, MAHARASHTRA-INDIA, 400999",
      accountNumber: "912010099912345",
      accountType: "SAVINGS",
      ifsc: "UTIB0000999",
      micr: "400211999",
      currency: "INR",
      period: "2024-04-01 2024-04-30",
    },
  },
  {
    bank: "kotak: the period right of the name",
    lines: [
      "AARAV KULSHRETTI                    Period : 01-04-2024 To 30-04-2024",
      "FLAT 12 NEELKAMAL TOWERS            Cust.Reln.No : 999123456",
      "SECTOR 91 LAKEVIEW ROAD             Account No : 9912345678",
      "NAVIPUR 400999                      Currency : INR",
      "                                    Branch : NAVIPUR",
    ],
    expected: {
      name: "AARAV KULSHRETTI",
      address: "FLAT 12 NEELKAMAL TOWERS, SECTOR 91 LAKEVIEW ROAD, NAVIPUR 400999",
      accountNumber: "9912345678",
      period: "2024-04-01 2024-04-30",
    },
  },
  {
    bank: "canara: a masked number in a sentence, balances in rupees",
    lines: [
      "Statement for A/c XXXXXXXXX1299 between 01-Apr-2024 and 30-Apr-2024",
      "Customer Id          XXXXX9999",
      "Name                 AARAV KULSHRETTI",
      "Address              FLAT 12 NEELKAMAL TOWERS",
      "                     NAVIPUR 400999",
      "IFSC Code            CNRB0009999",
      "Opening Balance      Rs. 12,345.67",
      "Closing Balance      Rs. 8,000.00",
    ],
    expected: {
      name: "AARAV KULSHRETTI",
      address: "FLAT 12 NEELKAMAL TOWERS, NAVIPUR 400999",
      accountNumber: "XXXXXXXXX1299",
      ifsc: "CNRB0009999",
      opening: "1234567",
      closing: "800000",
      currency: "INR",
      period: "2024-04-01 2024-04-30",
    },
  },
  {
    bank: "chase: a checking account",
    order: "mdy",
    lines: [
      "                                           January 01, 2024 through January 31, 2024",
      "MARLOWE T BRINKERHOLT                      Account Number:  000000999123456",
      "1180 LARKSPUR HOLLOW",
      "MAPLE GLEN OH 99999-1180",
      "",
      "CHECKING SUMMARY",
      "Beginning Balance                 $1,500.25",
      "Deposits and Additions             1,200.00",
      "Electronic Withdrawals              -500.25",
      "Ending Balance                    $2,200.00",
    ],
    expected: {
      name: "MARLOWE T BRINKERHOLT",
      address: "1180 LARKSPUR HOLLOW, MAPLE GLEN OH 99999-1180",
      accountNumber: "000000999123456",
      opening: "150025",
      closing: "220000",
      currency: "USD",
      period: "2024-01-01 2024-01-31",
    },
  },
  {
    bank: "a French bank",
    lines: [
      "RELEVÉ DE COMPTE                    Période du 01/04/2024 au 30/04/2024",
      "Titulaire : Mme Solène Vauquelle    IBAN : FR76 3000 9999 9100 0012 3456 789",
      "Ancien solde                        1 234,56 €",
      "Nouveau solde                       2 345,67 €",
    ],
    expected: {
      name: "Mme Solène Vauquelle",
      accountNumber: "FR7630009999910000123456789",
      currency: "EUR",
      period: "2024-04-01 2024-04-30",
      opening: "123456",
      closing: "234567",
    },
  },
  {
    bank: "a card: the payer's name on the slip, beside the address to pay to",
    lines: [
      "Account Number:  XXXX XXXX XXXX 9426",
      "",
      "Make your payment at              Make mail to the address below.",
      "June Cassoway                     CARDMEMBER SERVICE",
      "                                  PO BOX 9923",
      "                                  MAPLE GLEN OH 99999-1423",
    ],
    expected: { name: "June Cassoway", address: null, accountNumber: "XXXXXXXXXXXX9426" },
  },
  {
    bank: "a wallet: labels above their values, the label of the address is missing",
    lines: [
      "Account Name          Account Number",
      "ADA OKONWE            0000000000            12 Lagoon Close",
    ],
    expected: { name: "ADA OKONWE", address: "12 Lagoon Close", accountNumber: "0000000000" },
  },
  {
    bank: "what stands behind a label's colon is no holder, whatever stands below it",
    lines: [
      "                                    Account Branch : PANDAN GROVE",
      "TAY HUI XUAN                        Cust ID        : 27095-7",
      "BLK 999 PANDAN GROVE                Account No     : 816-27095-7",
      "SINGAPORE 999999                    Account Type   : CURRENT",
    ],
    expected: { name: "TAY HUI XUAN", address: "BLK 999 PANDAN GROVE, SINGAPORE 999999" },
  },
];

for (const { bank, lines, expected, order } of heads) {
  test(bank, () => {
    const decimal = bank.includes("French") ? "," : ".";
    const facts = readFacts(drawLines(lines), { decimal, dateOrder: order ?? "dmy", exponent: 2 });
    const { jointHolders: _, ...identity } = facts.identity;
    const read: Record<string, string | null> = {
      ...identity,
      currency: facts.currency,
      period: facts.period && `${facts.period.from.toString()} ${facts.period.to.toString()}`,
      opening: facts.openingBalances[0]?.toString() ?? null,
      closing: facts.closingBalances[0]?.toString() ?? null,
    };
    const chosen = Object.fromEntries(Object.keys(expected).map((key) => [key, read[key]]));
    assert.deepEqual(chosen, expected);
  });
}
