/**
 * What an account's holder sees: booked entries with running balances, and pending ones. The generated history and the
 * postings (payments, a tester's entries) are one row; what is booked once keeps its place and its balance.
 */
import type { Posting } from "../types.ts";
import { generatorOf, type Entry, type Generator } from "./generate.ts";
import type { Code } from "./profiles.ts";
import { accountsOf, USERS, type Account, type User } from "./users.ts";

export interface LedgerEntry {
  id: string;
  at: number;
  /** Null while pending. */
  bookedAt: number | null;
  minor: number;
  text: string;
  code: Code;
  mcc?: string;
  /** After this entry, in pence; null while pending. */
  balance: number | null;
}

export interface Ledger {
  /** In the order of booking. */
  booked: readonly LedgerEntry[];
  pending: readonly LedgerEntry[];
  /** Pence. */
  bookedBalance: number;
  /** Booked less what pending debits hold. */
  availableBalance: number;
}

export interface World {
  accounts: readonly Account[];
  account(id: string): Account | undefined;
  /** By sort code and account number, for payments within the bank. */
  accountByNumber(identification: string): Account | undefined;
  accountsOf(username: string): Account[];
  /** Throws RangeError for an unknown account; `now` never goes back. */
  ledger(accountId: string, now: number): Ledger;
  /** Epoch milliseconds of the first day. */
  begins: number;
}

export interface WorldOptions {
  seed: string;
  /** The bank's time when it was first started: 24 months before it the history begins. */
  opened: number;
  postings: () => Iterable<Posting>;
}

const HISTORY_MONTHS = 24;

interface Book {
  account: Account;
  booked: LedgerEntry[];
  balance: number;
  /** Generated, not booked yet; some not even begun. */
  waiting: Entry[];
  postings: Set<string>;
}

interface Customer {
  generator: Generator;
  books: Map<string, Book>;
  upTo: number;
}

export function createWorld({ seed, opened, postings }: WorldOptions): World {
  const openedOn = dayOf(opened);
  const first = openedOn.subtract({ months: HISTORY_MONTHS });
  const seedDays = first.until(openedOn).days;
  const accounts = USERS.flatMap((user) => accountsOf(user, seed));
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const customers = new Map<string, Customer>();

  const customerOf = (user: User): Customer => {
    const known = customers.get(user.username);
    if (known) return known;
    const own = accounts.filter((account) => account.user === user);
    const books = new Map(own.map((account) => [account.key, openBook(account)]));
    const customer = { generator: generatorOf(user, seed, first, seedDays), books, upTo: -Infinity };
    customers.set(user.username, customer);
    return customer;
  };

  return {
    accounts,
    account: (id) => byId.get(id),
    accountByNumber: (identification) =>
      accounts.find(
        ({ kind, sortCode, number }) => kind !== "CreditCard" && sortCode + number === identification,
      ),
    accountsOf: (username) => accounts.filter(({ user }) => user.username === username),
    begins: first.toZonedDateTime("UTC").epochMilliseconds,
    ledger(accountId, now) {
      const account = byId.get(accountId);
      if (!account) throw new RangeError("There is no such account.");
      const customer = customerOf(account.user);
      generate(customer, now);
      const book = customer.books.get(account.key);
      if (!book) throw new RangeError("There is no such account.");
      const own = [...postings()].filter((posting) => posting.accountId === accountId);
      bookDue(book, own, now);
      return seen(book, own, now);
    },
  };
}

const openBook = (account: Account): Book => ({
  account,
  booked: [],
  balance: account.opening,
  waiting: [],
  postings: new Set(),
});

function generate(customer: Customer, now: number): void {
  if (now <= customer.upTo) return;
  customer.upTo = now;
  for (const entry of customer.generator.upTo(dayOf(now)))
    customer.books.get(entry.account)?.waiting.push(entry);
}

/** Moves what is due from waiting to booked. What comes later is booked later: places never change. */
function bookDue(book: Book, postings: readonly Posting[], now: number): void {
  const due: LedgerEntry[] = [];
  const waiting: Entry[] = [];
  for (const entry of book.waiting) {
    if (entry.bookedAt > now) waiting.push(entry);
    else due.push(shown(book, entry, entry.bookedAt));
  }
  for (const posting of postings) {
    if (posting.bookedAt === null || posting.bookedAt > now || book.postings.has(posting.id)) continue;
    book.postings.add(posting.id);
    due.push(shown(book, asEntry(posting), posting.bookedAt));
  }
  if (due.length === 0) return;
  book.waiting = waiting;
  due.sort((a, b) => (a.bookedAt ?? 0) - (b.bookedAt ?? 0));
  for (const entry of due) {
    book.balance += entry.minor;
    book.booked.push({ ...entry, balance: book.balance });
  }
}

function seen(book: Book, postings: readonly Posting[], now: number): Ledger {
  const open = postings.filter(({ bookedAt, at }) => (bookedAt === null || bookedAt > now) && at <= now);
  const pending = [...book.waiting.filter(({ at }) => at <= now), ...open.map(asEntry)]
    .map((entry) => shown(book, entry, null))
    .sort((a, b) => a.at - b.at);
  const held = pending.reduce((sum, { minor }) => sum + Math.min(minor, 0), 0);
  return {
    booked: book.booked,
    pending,
    bookedBalance: book.balance,
    availableBalance: book.balance + held,
  };
}

type Shape = Omit<Entry, "account" | "bookedAt">;

const asEntry = (posting: Posting): Shape => ({
  id: posting.id,
  at: posting.at,
  minor: posting.minor,
  text: posting.text,
  code: posting.minor < 0 ? "FPO" : "FPI",
});

function shown({ account }: Book, entry: Shape, bookedAt: number | null): LedgerEntry {
  const id = bookedAt === null && account.changesIds ? `pending-${entry.id}` : entry.id;
  const { at, minor, text, code, mcc } = entry;
  return { id, at, bookedAt, minor, text, code, ...(mcc === undefined ? {} : { mcc }), balance: null };
}

const dayOf = (ms: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO("UTC").toPlainDate();
