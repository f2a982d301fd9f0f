/** Plays a customer's profile day by day: the same seed, customer and day give the same entries. */
import type { Code, Occasional, Profile, Recurring } from "./profiles.ts";
import { randomOf, type Random } from "./random.ts";
import type { User } from "./users.ts";

export interface Entry {
  /** Unique within the bank. */
  id: string;
  /** Key of the holding. */
  account: string;
  /** Epoch milliseconds. */
  at: number;
  /** Planned: the entry is pending from `at` until then. */
  bookedAt: number;
  /** Pence, negative for debits. */
  minor: number;
  text: string;
  code: Code;
  mcc?: string;
}

export interface Generator {
  /** The entries of all days up to and with `day` that were not given yet, in no order but the days'. */
  upTo(day: Temporal.PlainDate): Entry[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Play {
  user: User;
  seed: string;
  day: Temporal.PlainDate;
  /** Midnight UTC. */
  midnight: number;
  random: Random;
  balances: Map<string, number>;
  entries: Entry[];
  /** Of this day so far. */
  count: number;
}

type Draft = Omit<Entry, "id" | "bookedAt"> & { bookedAt?: number };

/** `first` is the first day with entries, `seedDays` how many days the history of the first start has. */
export function generatorOf(
  user: User,
  seed: string,
  first: Temporal.PlainDate,
  seedDays: number,
): Generator {
  const balances = new Map(user.holdings.map(({ key, opening }) => [key, opening]));
  let next = first;
  return {
    upTo(day) {
      const entries: Entry[] = [];
      for (; Temporal.PlainDate.compare(next, day) <= 0; next = next.add({ days: 1 })) {
        const midnight = next.toZonedDateTime("UTC").epochMilliseconds;
        const random = randomOf(seed, user.username, next.toString());
        const play = { user, seed, day: next, midnight, random, balances, entries, count: 0 };
        if (user.profile.busy) playBusy(play, user.profile, first.until(next).days, seedDays);
        else playDay(play, user.profile);
      }
      return entries;
    },
  };
}

function playDay(play: Play, profile: Profile): void {
  const { day, random } = play;
  for (const rule of profile.recurring) if (rule.day === day.day) recur(play, rule);
  for (const rule of profile.occasional)
    if (random.next() < rule.chance) happen(play, rule, clockTime(random));
  payCard(play, profile);
  sweep(play, profile);
}

/** Shares the entries out so that on the day of the first start there are exactly as many as the profile says. */
function playBusy(play: Play, profile: Profile, index: number, seedDays: number): void {
  if (index === seedDays) return;
  const total = profile.busy?.entries ?? 0;
  const upTo = (days: number) => Math.floor((days * total) / seedDays);
  const count = upTo(index + 1) - upTo(index);
  for (let n = 0; n < count; n++) {
    const rule = play.random.pick(profile.occasional);
    happen(play, rule, Math.floor((n * DAY_MS) / count));
  }
}

function recur(play: Play, { account, sign, amount, text, code }: Recurring): void {
  const minor = sign * drawn(play.random, amount);
  add(play, { account, at: play.midnight + 2 * HOUR_MS, minor, text, code });
}

function happen(play: Play, rule: Occasional, timeOfDay: number): void {
  const { account, sign, code, mcc, texts, pends } = rule;
  const at = play.midnight + timeOfDay;
  const minor = sign * drawn(play.random, rule.amount);
  const text = play.random.pick(texts);
  const booking = pends ? { bookedAt: play.midnight + play.random.between(1, 2) * DAY_MS + 3 * HOUR_MS } : {};
  add(play, { account, at, minor, text, code, ...(mcc === undefined ? {} : { mcc }), ...booking });
}

function payCard(play: Play, { cardPayment: rule }: Profile): void {
  if (rule?.day !== play.day.day) return;
  const debt = -(play.balances.get(rule.card) ?? 0);
  if (debt <= 0) return;
  const at = play.midnight + 4 * HOUR_MS;
  add(play, { account: rule.from, at, minor: -debt, text: "ORION CARD PAYMENT", code: "DD" });
  add(play, { account: rule.card, at, minor: debt, text: "PAYMENT RECEIVED THANK YOU", code: "BGC" });
}

function sweep(play: Play, { sweep: rule }: Profile): void {
  if (rule?.day !== play.day.day) return;
  const above = Math.trunc(((play.balances.get(rule.account) ?? 0) - rule.keep) / 1000) * 1000;
  if (above === 0) return;
  const at = play.midnight + 23 * HOUR_MS;
  add(play, { account: rule.account, at, minor: -above, text: rule.text, code: "TFR" });
  add(play, { account: rule.to, at, minor: above, text: rule.text, code: "TFR" });
}

function add(play: Play, draft: Draft): void {
  const { user, balances, entries, day } = play;
  const id = `${user.username}-${draft.account}-${day.toString().replaceAll("-", "")}-${play.count++}`;
  balances.set(draft.account, (balances.get(draft.account) ?? 0) + draft.minor);
  entries.push({ bookedAt: draft.at, ...draft, id });
}

function drawn(random: Random, amount: Recurring["amount"]): number {
  return typeof amount === "number" ? amount : random.between(amount[0], amount[1]);
}

/** Between 07:00 and 22:00, whole seconds. */
const clockTime = (random: Random): number => random.between(7 * 3600, 22 * 3600) * 1000;
