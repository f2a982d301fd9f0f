/** Accounts with entries whose balances follow from one another: the truth before it is printed. */
import { brands } from "./brands.ts";
import { makeIban } from "./format.ts";
import { inventNarration, regions } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import type { Account, AccountSpec, Brand, Entry, Told } from "./types.ts";

function bookingDays(spec: AccountSpec, random: Random): Temporal.PlainDate[] {
  const from = Temporal.PlainDate.from(spec.from);
  const span = from.until(Temporal.PlainDate.from(spec.to)).total({ unit: "days" });
  const quiet = new Set(spec.quietMonths);
  const days: Temporal.PlainDate[] = [];
  while (days.length < spec.rows) {
    const day = from.add({ days: random.int(0, span) });
    if (!quiet.has(day.toPlainYearMonth().toString())) days.push(day);
  }
  return days.sort((a, b) => Temporal.PlainDate.compare(a, b));
}

/** Small sums often, large ones seldom, and never a round one by rule. A rupee buys less than the others. */
function inventAmount(brand: Brand, step: bigint, random: Random): bigint {
  const top = random.pick([900_00, 4_000_00, 4_000_00, 30_000_00]);
  return rounded(BigInt(random.int(1_01, brand.region === "india" ? top : top / 20)), step);
}

function rounded(minor: bigint, step: bigint): bigint {
  return minor - (minor % step);
}

function entriesOf(brand: Brand, spec: AccountSpec, opening: bigint, random: Random): Entry[] {
  let balance = opening;
  const step = spec.step ?? 1n;
  const salary = brand.region === "india" ? 40_000_00 : 2_400_00;
  // An account that begins overdrawn may go a little deeper; any other is filled up before it runs dry.
  const floor = opening < 0n ? opening - 400_00n : 50_00n;
  let lastDebit: bigint | null = null;
  return bookingDays(spec, random).map((date, i) => {
    const amount = inventAmount(brand, step, random);
    const low = spec.card !== true && balance - amount < floor;
    const isDue = spec.reversalEvery !== undefined && i % spec.reversalEvery === 2;
    const isReversal = !low && isDue && lastDebit !== null;
    const isCredit = low || isReversal || random.chance(spec.card === true ? 0.12 : 0.3);
    const direction = isCredit ? "credit" : "debit";
    const usual = low ? amount + rounded(BigInt(random.int(salary / 2, salary)), step) : amount;
    const booked = isReversal ? (lastDebit ?? usual) : usual;
    lastDebit = isCredit ? null : booked;
    balance += isCredit ? booked : -booked;
    if (spec.drift?.includes(i) === true) balance += 1n;
    const { kind, text } = inventNarration(brand.region, direction, spec.narration ?? "usual", random);
    const reference = kind === "CHQ" ? random.digits(6) : "";
    return { date, narration: text, kind, reference, direction, amount: booked, balance, isReversal };
  });
}

function balanced(told: readonly Told[], opening: bigint): Entry[] {
  let balance = opening;
  return told.map(({ date, narration, kind, reference, direction, amount }) => {
    balance += direction === "credit" ? amount : -amount;
    return { date, narration, kind, reference, direction, amount, balance, isReversal: false };
  });
}

function inventOpening(brand: Brand, random: Random): bigint {
  return BigInt(brand.region === "india" ? random.int(8_000_00, 95_000_00) : random.int(300_00, 6_000_00));
}

function numbersOf(brand: Brand, spec: AccountSpec, random: Random): { number: string; printed: string } {
  if (spec.card === true) {
    const last = random.digits(4);
    return { number: `XXXXXXXXXXXX${last}`, printed: `XXXX XXXX XXXX ${last}` };
  }
  switch (brand.region) {
    case "netherlands":
    case "germany": {
      if (brand.iban === undefined) throw new Error(`${brand.name} has no IBAN code`);
      const iban = makeIban(brand.iban.country, brand.iban.bankCode + random.digits(10));
      return { number: iban, printed: iban.replace(/(.{4})(?=.)/g, "$1 ") };
    }
    case "uk": {
      const number = random.digits(8);
      return { number, printed: number };
    }
    case "singapore": {
      const number = `${random.digits(3)}-${random.digits(5)}-${random.digits(1)}`;
      return { number, printed: number };
    }
    case "india":
    case "usa": {
      const number = random.digits(brand.bank === "icici" ? 12 : 14);
      return { number, printed: number };
    }
  }
}

/** The account of a spec, its whole ledger, or the slice that the spec asks for. */
export function openAccount(brandKey: string, spec: AccountSpec): Account {
  const brand = brands[brandKey];
  if (brand === undefined) throw new Error(`no brand ${brandKey}`);
  const random = createRandom(spec.seed);
  const data = regions[brand.region];
  const holder = random.pick(data.holders);
  const address = random.pick(data.addresses);
  const branch = random.pick(data.branches);
  const { number, printed } = numbersOf(brand, spec, random);
  const ifsc = brand.ifscPrefix === undefined ? null : `${brand.ifscPrefix}0${random.digits(6)}`;
  const micr = ifsc === null ? null : random.digits(9);
  const invented = spec.card === true ? -84_217n : inventOpening(brand, random);
  const opening = spec.opening ?? rounded(invented, spec.step ?? 1n);
  const all = spec.told ? balanced(spec.told, opening) : entriesOf(brand, spec, opening, random);
  const from = Temporal.PlainDate.from(spec.slice?.from ?? spec.from);
  const to = Temporal.PlainDate.from(spec.slice?.to ?? spec.to);
  const entries = all.filter(
    ({ date }) => Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, to) <= 0,
  );
  const before = all.findLast(({ date }) => Temporal.PlainDate.compare(date, from) < 0);
  const openingHere = before?.balance ?? opening;
  return {
    brand,
    holder,
    address,
    number,
    printedNumber: printed,
    type: brand.region === "india" ? "SAVINGS" : "CURRENT",
    branch,
    ifsc,
    micr,
    period: { from, to },
    opening: openingHere,
    closing: entries.at(-1)?.balance ?? openingHere,
    entries,
  };
}
