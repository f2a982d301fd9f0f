/** The bank's customers: who they are, what they have, and what goes wrong with them. All invented; the passwords are public. */
import { BUSINESS, BUSY, PERSONAL, type Profile } from "./profiles.ts";
import { digitsOf } from "./random.ts";

/**
 * How the bank treats a customer.
 * - `plain`: nothing goes wrong
 * - `code`: a one-time code is asked for after the password
 * - `locked`: no password is right; after three the bank sends the customer back
 * - `refused`: the bank itself refuses after the log-in
 * - `slow`: every page and every answer of theirs waits (setting `slow_ms`)
 * - `down-login`: the bank is out of order when they log in
 * - `down-data`: consent works, then every read answers 503
 * - `limited`: every second read answers 429 with Retry-After
 * - `flaky`: every third read answers 500
 */
export type Behaviour =
  | "plain"
  | "code"
  | "locked"
  | "refused"
  | "slow"
  | "down-login"
  | "down-data"
  | "limited"
  | "flaky";

export interface Holding {
  /** Within the customer: what profiles speak of. */
  key: string;
  kind: "CurrentAccount" | "Savings" | "CreditCard";
  nickname: string;
  /** Pence, when the history begins. */
  opening: number;
  /** Overdraft or card limit, pence. */
  creditLine?: number;
  /** A pending entry gets another id when it is booked, as at many banks. */
  changesIds?: boolean;
}

export interface User {
  username: string;
  name: string;
  business: boolean;
  behaviour: Behaviour;
  /** For people, on the sandbox's page. */
  about: string;
  holdings: readonly Holding[];
  profile: Profile;
}

export const PASSWORD = "bluebell";
export const ONE_TIME_CODE = "246810";

const current: Holding = {
  key: "current",
  kind: "CurrentAccount",
  nickname: "Everyday",
  opening: 484_215,
  creditLine: 50_000,
};
const savings: Holding = { key: "savings", kind: "Savings", nickname: "Rainy day", opening: 812_040 };
const card: Holding = {
  key: "card",
  kind: "CreditCard",
  nickname: "Orion Card",
  opening: -18_355,
  creditLine: 300_000,
  changesIds: true,
};

const person = (username: string, name: string, behaviour: Behaviour, about: string): User => ({
  username,
  name,
  business: false,
  behaviour,
  about,
  holdings: [current, savings],
  profile: onlyOf(PERSONAL, ["current", "savings"]),
});

export const USERS: readonly User[] = [
  {
    ...person("anna", "Anna Hollis", "plain", "Everything works. Current account, savings, credit card."),
    holdings: [current, savings, card],
    profile: PERSONAL,
  },
  person("ben", "Ben Calloway", "code", `Asks for a one-time code: ${ONE_TIME_CODE}.`),
  {
    username: "cleo",
    name: "Marlow Joinery Ltd",
    business: true,
    behaviour: "plain",
    about: "A business: current account and reserve. Pending entries get another id when they are booked.",
    holdings: [
      { ...current, nickname: "Trading", opening: 2_404_500, creditLine: 500_000, changesIds: true },
      { ...savings, nickname: "Reserve", opening: 2_500_000 },
    ],
    profile: BUSINESS,
  },
  {
    username: "dora",
    name: "Pennant Market Stalls Ltd",
    business: true,
    behaviour: "plain",
    about: "An account of 100,000 transactions.",
    holdings: [{ ...current, nickname: "Takings", opening: 1_000_000 }],
    profile: BUSY,
  },
  person(
    "walter",
    "Walter Finch",
    "locked",
    "No password is right; the third wrong one sends you back refused.",
  ),
  person("rita", "Rita Sorrel", "refused", "The bank itself refuses after the password."),
  person("sol", "Sol Merriman", "slow", "Every page and every answer takes its time."),
  person("olga", "Olga Tarn", "down-login", "The bank is out of order at the log-in."),
  person("otto", "Otto Tarn", "down-data", "Consent works; then every read answers 503."),
  person("lena", "Lena Quill", "limited", "Every second read answers 429 with Retry-After: 1."),
  person("fynn", "Fynn Quill", "flaky", "Every third read answers 500."),
];

export function userOf(username: string): User | undefined {
  return USERS.find((user) => user.username === username);
}

/** A holding as the outside knows it. */
export interface Account extends Holding {
  id: string;
  user: User;
  /** 000 is no bank's sort code: nobody real has these numbers. */
  sortCode: string;
  number: string;
}

export function accountsOf(user: User, seed: string): Account[] {
  return user.holdings.map((holding) => ({
    ...holding,
    id: `oa-${digitsOf(14, seed, user.username, holding.key)}`,
    user,
    sortCode: `0000${digitsOf(2, seed, user.username)}`,
    number:
      holding.kind === "CreditCard"
        ? digitsOf(16, seed, user.username, holding.key)
        : digitsOf(8, seed, user.username, holding.key),
  }));
}

function onlyOf(profile: Profile, keys: readonly string[]): Profile {
  const { cardPayment, ...rest } = profile;
  const kept = {
    ...rest,
    recurring: profile.recurring.filter(({ account }) => keys.includes(account)),
    occasional: profile.occasional.filter(({ account }) => keys.includes(account)),
  };
  return cardPayment && keys.includes(cardPayment.card) ? { ...kept, cardPayment } : kept;
}
