/**
 * Transactions per second that `labelTransactions` labels on one core, over the narrations of the golden sets with
 * their numbers changed from one row to the next, so that nothing is remembered from an equal narration.
 *
 *     npm run -s bench:label -- [TRANSACTIONS] [ROUNDS]
 *
 * Beside it, in the same process and in turn, the raw limit: a pass that only looks at every character once.
 * Times are the processor's, so that what else runs on the machine counts for little.
 * The last line is JSON: `{transactions, per_s, raw_per_s, ratio_to_raw}`; `per_s` is of the median round.
 */

import { readFileSync } from "node:fs";
import { labelTransactions } from "../src/analysis/label/label.ts";
import type { AccountProfile, AnalysisTransaction, KnownParties } from "../src/analysis/types.ts";

const [wanted = "200000", rounds = "5"] = process.argv.slice(2);
const total = Number(wanted);
if (!(total >= 1000) || !(Number(rounds) >= 1)) {
  process.stderr.write("Usage: bench/label.ts [TRANSACTIONS >= 1000] [ROUNDS]\n");
  process.exit(2);
}

/** Accounts of 5,000 transactions: a busy year. */
const PER_ACCOUNT = 5000;

const known: KnownParties = {
  ownNames: ["Asha Rao", "A. Rao"],
  employers: ["Bluepeak Software Pvt Ltd"],
  companies: ["Rao Consulting"],
};

const profile = (country: string, currency: string): AccountProfile => ({
  id: "00000000-0000-4000-8000-000000000000",
  bank: "other",
  country,
  currency,
  holder: "ASHA RAO",
  accountNumber: "50100000000001",
  category: "individual",
  limit: null,
  openingBalance: 0n,
});

interface Row {
  narration: string;
  direction: "debit" | "credit";
}

function rowsOf(file: string): Row[] {
  const path = new URL(`../src/analysis/label/golden/${file}`, import.meta.url);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({
      narration: line.slice(7).split(" | ")[0] ?? "",
      direction: line.charAt(3) === "D" ? "debit" : "credit",
    }));
}

/** The last run of six digits or more gives way to the row's number, of the same length. */
function renumbered(narration: string, number: number): string {
  return narration.replace(/\d{6,}/g, (digits) =>
    String(number).padStart(digits.length, "4").slice(-digits.length),
  );
}

function accountsOf(rows: readonly Row[], count: number): AnalysisTransaction[][] {
  const first = Temporal.PlainDate.from("2024-01-01");
  const days = Array.from({ length: 366 }, (_, day) => first.add({ days: day }));
  const accounts: AnalysisTransaction[][] = [];
  for (let made = 0; made < count; made += PER_ACCOUNT) {
    const size = Math.min(PER_ACCOUNT, count - made);
    accounts.push(
      Array.from({ length: size }, (_, index): AnalysisTransaction => {
        const row = rows[(made + index) % rows.length] ?? { narration: "", direction: "debit" };
        return {
          hash: (made + index).toString(16).padStart(32, "0"),
          accountId: "00000000-0000-4000-8000-000000000000",
          date: days[Math.floor((index * 366) / size)] ?? first,
          narration: renumbered(row.narration, made + index),
          reference: null,
          direction: row.direction,
          amount: BigInt(100 + ((index * 7919) % 1_000_000)),
          balance: null,
        };
      }),
    );
  }
  return accounts;
}

const indian = accountsOf([...rowsOf("india.txt")], Math.ceil(total / 2));
const british = accountsOf([...rowsOf("uk.txt")], Math.floor(total / 2));
const india = profile("IN", "INR");
const britain = profile("GB", "GBP");

function label(): number {
  let named = 0;
  for (const [accounts, owner] of [
    [indian, india],
    [british, britain],
  ] as const) {
    for (const account of accounts) {
      for (const each of labelTransactions(account, owner, known))
        if (each.counterparty.name !== null) named += 1;
    }
  }
  return named;
}

function touch(): number {
  let sum = 0;
  for (const account of [...indian, ...british]) {
    for (const { narration } of account) {
      for (let i = 0; i < narration.length; i += 1) sum = (sum + narration.charCodeAt(i)) | 0;
    }
  }
  return sum;
}

/** Of the processor, collector included: other work on the machine does not count. */
function seconds(work: () => number): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

label();
touch();
const labelling: number[] = [];
const touching: number[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  labelling.push(seconds(label));
  touching.push(seconds(touch));
}
const perSecond = total / median(labelling);
const raw = total / median(touching);
process.stdout.write(
  `rounds: ${labelling.map((each) => Math.round(total / each)).join(" ")} transactions/s\n`,
);
process.stdout.write(
  `${JSON.stringify({
    transactions: total,
    per_s: Math.round(perSecond),
    raw_per_s: Math.round(raw),
    ratio_to_raw: Number((perSecond / raw).toFixed(3)),
  })}\n`,
);
