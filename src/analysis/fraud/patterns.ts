/** Patterns over many transactions. */
import type { Row } from "../relations/rows.ts";
import type { Channel } from "../types.ts";
import { byMonth, hashesOf, minor, monthOf, signed, sumOf, type Facts, type Found } from "./facts.ts";

/** One amount that passes through makes a quiet month equal; so many do not. */
const FEWEST_OF_EACH = 3;
/** An account that is swept ends every month where it began. */
const SWEEP = /\bSWEEP\b|\bFLEXI\b|\bAUTO\s?FD\b|\bMOD\s(?:BAL|TRF|DEP)/i;

/** A month whose credits and debits are equal to the minor unit, though it does not end at nought. */
export function findEqualSums({ rows }: Facts): Found[] {
  return byMonth(rows).flatMap((month) => {
    const credits = month.filter(({ transaction }) => transaction.direction === "credit");
    const debits = month.filter(({ transaction }) => transaction.direction === "debit");
    const [first, last] = [month[0], month.at(-1)];
    const sum = sumOf(credits);
    if (!first || sum !== sumOf(debits)) return [];
    if (credits.length < FEWEST_OF_EACH || debits.length < FEWEST_OF_EACH) return [];
    if (last?.transaction.balance === 0n) return [];
    if (month.some(({ transaction }) => SWEEP.test(transaction.narration))) return [];
    const evidence = {
      month: monthOf(first),
      sumMinor: minor(sum),
      credits: credits.length,
      debits: debits.length,
    };
    return [{ transactionHash: null, evidence }];
  });
}

const LONGEST_WITHOUT_CREDIT = 15;
/** Only an account that is credited every other day or oftener, over a month or more, is expected to go on. */
const BUSY_MEDIAN_DAYS = 2;
const FEWEST_CREDIT_DAYS = 30;

/**
 * More than 15 days between one credit and the next in an account that is otherwise credited all the time; interest,
 * reversals and bounces are no credits. Missing statements are no silence.
 */
export function findCreditGaps({ rows, relations, isCovered }: Facts): Found[] {
  const undoing = new Set(relations.reversals.values());
  const credits = rows.filter(
    ({ transaction: { direction, channel, hash } }) =>
      direction === "credit" &&
      channel !== "bank_interest" &&
      !undoing.has(hash) &&
      !relations.bouncedOrPenal.has(hash),
  );
  const days = credits.filter((row, at) => row.day !== credits[at - 1]?.day);
  const gaps = days.slice(1).map((row, at) => row.day - (days[at]?.day ?? row.day));
  const median = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  if (days.length < FEWEST_CREDIT_DAYS || median > BUSY_MEDIAN_DAYS) return [];
  return days.flatMap((row, at) => {
    const before = days[at - 1];
    if (!before || row.day - before.day <= LONGEST_WITHOUT_CREDIT || !isCovered(before, row)) return [];
    const evidence = {
      creditBefore: before.transaction.hash,
      from: before.transaction.date.toString(),
      to: row.transaction.date.toString(),
      days: row.day - before.day,
      medianDays: median,
    };
    return [{ transactionHash: row.transaction.hash, evidence }];
  });
}

const ROUND_TRIP_DAYS = 3;
/** A friend is lent something and pays it back: once or twice is life. */
const FEWEST_ROUND_TRIPS = 3;
/** Of all credits; less does not make an account look better. */
const LEAST_SHARE_PERCENT = 10n;

const BETWEEN_PEOPLE: ReadonlySet<Channel> = new Set(["upi", "net_banking_transfer", "chq", "Others"]);

/**
 * The same amount goes to somebody and comes back from him, or the other way round, within three days, three times or
 * more. The holder's own transfers, loans, salary, refunds and reversals are left out, and so is an account number
 * without a name: mostly it is the holder's savings account.
 */
export function findRoundTrips(facts: Facts): Found[] {
  const explained = explainedHashes(facts);
  const parties = Map.groupBy(
    facts.rows.filter(
      ({ transaction: { hash, channel, counterparty }, party }) =>
        party !== null &&
        (counterparty.name ?? counterparty.vpa ?? counterparty.iban) !== null &&
        BETWEEN_PEOPLE.has(channel) &&
        !explained.has(hash),
    ),
    ({ party }) => party ?? "",
  );
  const credited = sumOf(facts.rows.filter(({ transaction }) => transaction.direction === "credit"));
  return [...parties.values()].flatMap((rows) => {
    if (rows.length < 2 * FEWEST_ROUND_TRIPS) return [];
    const trips = pairTrips(rows);
    const returned = sumOf(trips.map(([, second]) => second));
    if (trips.length < FEWEST_ROUND_TRIPS || returned * 100n < credited * LEAST_SHARE_PERCENT) return [];
    const evidence = {
      roundTrips: trips.length,
      amountMinor: minor(returned),
      creditsMinor: minor(credited),
      transactions: hashesOf(trips.flat()),
    };
    return [{ transactionHash: null, evidence }];
  });
}

function explainedHashes({ relations, salary }: Facts): Set<string> {
  const { lender, selfTransfers, bouncedOrPenal, reversals } = relations;
  const explained = new Set([...reversals.keys(), ...reversals.values()]);
  for (const set of [lender, selfTransfers, bouncedOrPenal]) for (const hash of set) explained.add(hash);
  for (const { transaction } of salary) explained.add(transaction.hash);
  return explained;
}

/** Each transaction in one pair; of those that wait the latest is taken. */
function pairTrips(rows: readonly Row[]): [Row, Row][] {
  const waiting = new Map<bigint, Row[]>();
  const trips: [Row, Row][] = [];
  for (const row of rows) {
    const amount = signed(row);
    if (amount === 0n) continue;
    const opposite = waiting.get(-amount);
    const latest = opposite?.at(-1);
    if (latest && row.day - latest.day <= ROUND_TRIP_DAYS) {
      opposite?.pop();
      trips.push([latest, row]);
      continue;
    }
    const equal = waiting.get(amount);
    if (equal) equal.push(row);
    else waiting.set(amount, [row]);
  }
  return trips;
}
