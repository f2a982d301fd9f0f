/** Every shape of `golden/shapes.txt` with many fillings: what the golden sets check once is checked across names. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { AccountProfile } from "../types.ts";
import { labelOne, labellerOf, type Labeller } from "./label.ts";

const list = (text: string): string[] => text.split(",").map((each) => each.trim());

type Fillings = Record<string, string[]>;

const INDIA: Fillings = {
  M: list(`SWIGGY, ZOMATO, BIGBASKET, AMAZON PAY, DMART, DOMINOS PIZZA, KFC INDIA, UBER INDIA, OLA CABS, INDIAN OIL PETROL, HP PETROL PUMP,
    APOLLO PHARMACY, MYNTRA, RAJU TEA STALL, SHARMA GENERAL STORE, ANNAPURNA TIFFIN, KHAN LAUNDRY, METRO CASH CARRY, SAI MEDICAL, GUPTA FRUITS`),
  P: list(
    "Aarav Sharma, Rohan Verma, PRIYA GUPTA, VIKRAM KUMAR, Anjali Patel, AMIT NAIR, SURESH PILLAI, Gurpreet Chauhan, IMRAN KHAN, Div Saikia",
  ),
  B: list(
    "SHREE BALAJI FABRICS, MAHAVIR TEXTILES PVT LTD, NEW ERA GARMENTS, KRISHNA TRADERS, GANESH AGENCIES, PATEL BROTHERS, SURAT POLY PACK",
  ),
  L: list(
    "BAJAJ FINANCE LTD, LIC HOUSING FINANCE, TVS CREDIT SERVICES, MAHINDRA FINANCE, HDB FINANCIAL SERVICES, TATA CAPITAL",
  ),
  D: list("PERSONAL LOAN, HOME LOAN, TWO WHEELER, VEHICLE LOAN, BUSINESS LOAN"),
  F: list(
    "NIPPON INDIA MF, SBI BLUECHIP FUND, MIRAE ASSET LARGE CAP, AXIS ELSS TAX SAVER, PARAG PARIKH FLEXI CAP",
  ),
  U: list(
    "BHARTI AIRTEL LTD, VODAFONE IDEA LTD, BSES RAJDHANI POWER, MAHANAGAR GAS LTD, ACT FIBERNET, BSNL, DELHI JAL BOARD",
  ),
  C: list("Delhi, Mumbai, Bengaluru, Chennai, Jaipur, Guwahati"),
  v: list("asha@okbk, 9000000001@ybl, shop.one-2@paytm"),
  r: list("512300000001, 512300000002"),
  n: list("512300001, 512300002"),
  i: list("KKBK0000123, UTIB0000123"),
};

const BRITAIN: Fillings = {
  M: list(`TESCO STORES, SAINSBURYS, GREGGS, COSTA COFFEE, AMAZON.CO.UK, THE CORNER DELI, MILLSTONE HARDWARE, BOOTS, SHELL, B & Q,
    MARKS&SPENCER, IKEA LTD, CO-OP GROUP, CASH CONVERTERS, CARD FACTORY, NEXT RETAIL`),
  P: list(
    "Adam Wright, MRS J COLE, S PATEL, Harriet Lane, T BAKER & CO, Maple Lettings, OAK BUILDERS LTD, J O'NEILL, M COSTA, CORAL SMITH",
  ),
  B: list("WESTBROOK SCHOOL, HARLOW DESIGN LTD, NORTHFIELD FOODS, DWP UC, ASHDOWN MOTORS"),
  U: list(
    "BRITISH GAS, OCTOPUS ENERGY, EE LIMITED, SKY, SKY DIGITAL, THAMES WATER, TV LICENCE, SCOTTISH POWER, TALKTALK LIMITED",
  ),
  X: list("THE GYM GROUP, AVIVA, ADMIRAL INSURANCE, NETFLIX.COM, BRIDGE CHARITY, ZOPA BANK, MAPLE HOUSING"),
  R: list("RENT, INV 1492, BIRTHDAY, LUNCH"),
};

const COUNTRIES: Record<string, Fillings> = { IN: INDIA, GB: BRITAIN };

function labellerFor(country: string): Labeller {
  const profile: AccountProfile = {
    id: "account",
    bank: "other",
    country,
    currency: null,
    holder: null,
    accountNumber: null,
    category: null,
    limit: null,
    openingBalance: null,
  };
  return labellerOf(profile, { ownNames: [], employers: [], companies: [] });
}

/** The shape once for each value of its name, the others taking turns. */
function fillings(shape: string, what: string, values: Fillings): { narration: string; name: string }[] {
  const names = values[what] ?? values["C"] ?? [""];
  return names.map((_, turn) => {
    const pick = (key: string): string => values[key]?.[turn % (values[key]?.length ?? 1)] ?? "";
    const narration = shape.replace(/\{(\w)\}/g, (_whole, key: string) => pick(key));
    return { narration, name: what === "-" ? "" : pick(what) };
  });
}

test("every shape, whoever is named in it", (t) => {
  const date = Temporal.PlainDate.from("2024-01-05");
  const lines = readFileSync(new URL("golden/shapes.txt", import.meta.url), "utf8").split("\n");
  const labellers = new Map(Object.keys(COUNTRIES).map((country) => [country, labellerFor(country)]));
  const misses: string[] = [];
  let count = 0;
  for (const line of lines.filter((each) => each !== "" && !each.startsWith("#"))) {
    const [head = "", channel = "", shape = ""] = line.split(" | ");
    const [country = "", direction, what = ""] = head.split(" ");
    const labeller = labellers.get(country);
    assert.ok(labeller, line);
    for (const { narration, name } of fillings(shape, what, COUNTRIES[country] ?? {})) {
      const label = labelOne(
        {
          hash: "",
          accountId: "",
          date,
          narration,
          reference: null,
          direction: direction === "D" ? "debit" : "credit",
          amount: 1n,
          balance: null,
        },
        labeller,
      );
      count += 1;
      const got = `${label.channel}, ${label.counterparty.name ?? ""}`;
      if (got !== `${channel}, ${name}`) misses.push(`${narration}: ${got}, not ${channel}, ${name}`);
    }
  }
  t.diagnostic(`${count - misses.length} of ${count} narrations with channel and name`);
  for (const miss of misses) t.diagnostic(`  ${miss}`);
  assert.ok(count > 1000, `${count} narrations`);
  assert.ok(misses.length <= count * 0.01, `${misses.length} misses`);
});
