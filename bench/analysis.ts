/**
 * What the analysis of a year costs on one core: an invented account of 12 months with 5,000 transactions, labelled,
 * related, its fraud rules run, its figures worked out, as a reading of the insights does it. Each stage is measured
 * by itself, and all of them together; medians over the rounds. The last line is JSON.
 *
 *     npm run bench:analysis [transactions] [rounds]
 */
import { analyse } from "../src/analysis/figures/index.ts";
import { findFraud } from "../src/analysis/fraud/index.ts";
import { labelTransactions } from "../src/analysis/label/label.ts";
import { relabel } from "../src/analysis/relabel.ts";
import { findRelations } from "../src/analysis/relations/index.ts";
import type { AccountProfile, AnalysisTransaction, Direction, KnownParties } from "../src/analysis/types.ts";
import { minorDigits } from "../src/statement/currency.ts";

const [, , count = "5000", rounds = "30"] = process.argv;
const WARM_UP = 10;
const FIRST = Temporal.PlainDate.from("2024-01-01");
const DAYS = 366;

const PROFILE: AccountProfile = {
  id: "5d5f0a1e-8f0b-4c0e-9a51-7a1a1d1c2b3f",
  bank: "hdfc",
  country: "IN",
  currency: "INR",
  holder: "ASHA RAO",
  accountNumber: "50100012345678",
  category: "individual",
  limit: null,
  openingBalance: 250_000_00n,
};
const KNOWN: KnownParties = {
  ownNames: ["ASHA RAO"],
  employers: ["ACME TOOLS"],
  companies: ["RAO CRAFTS LLP"],
};

/** What comes again and again, with how often among the others; `#` stands for a running reference. */
const DAILY: readonly [narration: string, direction: Direction, upTo: number, weight: number][] = [
  ["UPI-SWIGGY LIMITED-SWIGGYSTORES@ICICI-ICIC0DC0099-#-ORDER", "debit", 900, 18],
  ["UPI-GREEN VALLEY STORES-GREENVALLEY@OKAXIS-UTIB0000001-#-PAYMENT", "debit", 2_500, 18],
  ["UPI-VIKRAM SETH-VIKRAMSETH@YBL-YESB0YBLUPI-#-LUNCH", "debit", 600, 12],
  ["UPI-VIKRAM SETH-VIKRAMSETH@YBL-YESB0YBLUPI-#-RETURN", "credit", 600, 8],
  ["POS 416021XXXXXX1234 BIG BAZAAR BANGALORE", "debit", 4_000, 6],
  ["ATW-416021XXXXXX1234-S1ANBG01-BANGALORE", "debit", 10_000, 3],
  ["NEFT DR-ICIC0SF0002-KIRAN MEHTA-NETBANK, MUM-N#-GOODS", "debit", 20_000, 4],
  ["IMPS-#-SUNIL DAS-HDFC-XXXXXXX9911-INVOICE", "credit", 18_000, 12],
  ["UPI-BESCOM-BESCOM.BILLDESK@HDFCBANK-HDFC0000001-#-ELECTRICITY", "debit", 3_000, 2],
  ["CASH DEP BANGALORE BRANCH", "credit", 15_000, 2],
];
/** Day of the month, narration, direction, rupees. */
const MONTHLY: readonly [day: number, narration: string, direction: Direction, rupees: number][] = [
  [1, "NEFT CR-CITI0000003-ACME TOOLS PVT LTD-ASHA RAO-SALARY-CITIN#", "credit", 85_000],
  [3, "NEFT DR-SBIN0000001-LAKSHMI IYER-NETBANK, MUM-N#-RENT", "debit", 22_000],
  [5, "ACH D- BAJAJ FINANCE LTD-P400PHL#", "debit", 12_450],
  [7, "ACH D- HDFC LTD-#", "debit", 18_300],
  [10, "UPI-CRED CLUB-CRED.CLUB@AXISB-UTIB0000114-#-PAYMENT ON CRED", "debit", 14_000],
  [30, "INTEREST PAID TILL DATE", "credit", 410],
];

/** Numerical Recipes' generator: the same account on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function transactionsOf(total: number): AnalysisTransaction[] {
  const random = randomFrom(20_240_101);
  const weighted = DAILY.flatMap((row) => Array.from({ length: row[3] }, () => row));
  const drafts = Array.from({ length: DAYS }, (_, at) => FIRST.add({ days: at })).flatMap((date, at) => {
    const fixed = MONTHLY.filter(([day]) => day === date.day).map(([, narration, direction, rupees]) => ({
      date,
      narration,
      direction,
      amount: BigInt(rupees) * 100n,
    }));
    const until = Math.round(((at + 1) * total) / DAYS) - Math.round((at * total) / DAYS);
    const others = Array.from({ length: Math.max(0, until - fixed.length) }, () => {
      const [narration, direction, upTo] = weighted[Math.floor(random() * weighted.length)] ?? weighted[0]!;
      return { date, narration, direction, amount: BigInt(Math.ceil(random() * upTo * 100)) };
    });
    return fixed.concat(others);
  });
  let balance = PROFILE.openingBalance ?? 0n;
  return drafts.map(({ date, narration, direction, amount }, at) => {
    balance += direction === "credit" ? amount : -amount;
    return {
      hash: at.toString(16).padStart(32, "0"),
      accountId: PROFILE.id,
      date,
      narration: narration.replace("#", String(412_345_000_000 + at)),
      reference: null,
      direction,
      amount,
      balance,
    };
  });
}

type Times = Record<"label" | "relations" | "fraud" | "figures" | "all", number[]>;

/** One reading of the insights. */
function analyseOnce(transactions: readonly AnalysisTransaction[], times: Times): void {
  const timed = <Value>(stage: keyof Times, work: () => Value): Value => {
    const start = performance.now();
    const value = work();
    times[stage].push(performance.now() - start);
    return value;
  };
  timed("all", () => {
    const labelled = timed("label", () => [
      { profile: PROFILE, transactions: labelTransactions(transactions, PROFILE, KNOWN) },
    ]);
    const { accounts, relations } = timed("relations", () =>
      relabel(labelled, findRelations(labelled, KNOWN)),
    );
    const findings = timed("fraud", () => accounts.flatMap((account) => findFraud(account, relations)));
    timed("figures", () =>
      analyse(accounts, relations, {
        today: FIRST.add({ days: DAYS }),
        minorDigits,
        findings: new Map([[PROFILE.id, findings]]),
      }),
    );
  });
}

const transactions = transactionsOf(Number(count));
const noTimes = (): Times => ({ label: [], relations: [], fraud: [], figures: [], all: [] });
const discarded = noTimes();
for (let round = 0; round < WARM_UP; round += 1) analyseOnce(transactions, discarded);
const times = noTimes();
const before = process.cpuUsage();
for (let round = 0; round < Number(rounds); round += 1) analyseOnce(transactions, times);

const { user, system } = process.cpuUsage(before);

const median = (values: number[]): number =>
  Number((values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(2));
const medians = {
  label_ms: median(times.label),
  relations_ms: median(times.relations),
  fraud_ms: median(times.fraud),
  figures_ms: median(times.figures),
  all_ms: median(times.all),
  fastest_ms: Number(Math.min(...times.all).toFixed(2)),
  // Of all threads, the collector's too: what a busy machine cannot make longer by waiting.
  cpu_ms: Number(((user + system) / 1000 / Number(rounds)).toFixed(2)),
};
process.stdout.write(`first reading, nothing compiled: ${(discarded.all[0] ?? 0).toFixed(1)} ms\n`);
process.stdout.write(
  `${JSON.stringify({ transactions: transactions.length, rounds: Number(rounds), ...medians })}\n`,
);
