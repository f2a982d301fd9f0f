/** What the titles of a sheet's columns say: the words of pages, and those that only files have. */
import { fold, type Role, roleOf } from "./vocabulary.ts";

/** Words that pages do not print, or print inside the narration; the first that fits wins, before those of pages. */
const FILE_WORDS: readonly (readonly [Role | "fee" | "party" | "unnamed", RegExp])[] = [
  // Words that German, Dutch and Nordic files write as one.
  ["valueDate", /^(?:wertstellungs(?:datum|tag)|valutadag)$/u],
  ["date", /^(?:transactie|transaktions?|boekings?|umsatz|bokforings?|bogforings?)(?:datum|dato|dag|tag)$/u],
  ["amount", /^(?:transactie|transaktions?|buchungs?|umsatz)(?:bedrag|betrag|belopp)$/u],
  ["balance", /^(?:eind|end|konto|nieuw)saldo$/u],
  ["description", /^(?:buchungsdetails|umsatzdetails|zahlungsgrund)$/u],
  ["debit", /^(?:outflow|outgoing|spent|sent)$/u],
  ["credit", /^(?:inflow|incoming|received|earned)$/u],
  ["fee", /^(?:fees?|total fees?|gebuhr(?:en)?|commission|charges?)(?: amount)?$/u],
  // `Transaction Type`, `Transaction ID`: neither says what was paid for.
  ["unnamed", /(?:^| )(?:type|id|art|umsatztyp|soort|time|uhrzeit|currency|category|kategorie|status)$/u],
  ["party", /(?:^| )(?:counter ?party|party|beneficiary|recipient|sender|empfanger|zahlungsempfanger(?: in)?|zahlungsbeteiligter|auftraggeber|beguenstigter|begunstigter|zahlungspflichtiger?|beneficiaire|beneficiario|ordenante|tegenpartij)(?= |$)|^vwz ?\d*$/u],
]; // prettier-ignore

/** Header words of Hindi statements; the other languages are in the vocabulary that pages share. */
const HINDI: readonly (readonly [Role, RegExp])[] = [
  ["valueDate", /मूल्य (?:तिथि|तारीख|दिनांक)/u],
  ["date", /तारीख|दिनांक|तिथि/u],
  ["balance", /शेष|बैलेंस/u],
  ["debit", /नामे|निकासी|आहरण|डेबिट/u],
  ["credit", /जमा|क्रेडिट/u],
  ["amount", /राशि|रकम/u],
  ["description", /विवरण|ब्यौरा|लेनदेन|लेन-देन/u],
  ["reference", /संदर्भ|चेक/u],
];

const WORDS_OF_PARTIES = /^(?:name|nom|nombre|nome|notes?(?: and tags)?|purpose|message|subject)$/u;

export interface Title {
  /** `fee` is taken off the amount beside it; `party` and some notes are narration; null is no word we know. */
  role: Role | "fee" | "party" | null;
  /** Names an account, and nothing says that it is somebody else's. */
  account: boolean;
  /** Says which side the account is on: `Auftragskonto`, `My account`. */
  own: boolean;
  status: boolean;
  /** A date on which something was only begun. */
  begun: boolean;
  /** Of the amount in another currency. */
  foreign: boolean;
}

const ACCOUNT =
  /^(?:(?:own|my|from|your|bank|product|auftrags?) ?)?(?:account|acct|a c|iban|konto|rekening|rekeningnummer|kontonummer|compte|cuenta|conto|conta|card)(?: (?:no|nr|number|num|id|iban|bban|auftragskonto))?$|^iban (?:auftragskonto|bban)$/u;
const OWN = /^(?:own|my|your|from|auftrags)|auftragskonto$/u;
const STATUS = /^(?:state|status|booking status|transaction status|estado|statut|stato|buchungsstatus)$/u;
const BEGUN = /(?:^| )(?:started|initiated|created|ordered)(?= |$)/u;
const FOREIGN = /original|foreign|transaction|local|exchange|fremd/u;

/** `value_date` and `valueDate` are two words. */
const spacedOf = (text: string): string => text.replaceAll("_", " ").replace(/(\p{Ll})(?=\p{Lu})/gu, "$1 ");

export function readTitle(text: string): Title {
  const folded = fold(spacedOf(text));
  return {
    role: roleOfTitle(text),
    account: ACCOUNT.test(folded),
    own: OWN.test(folded),
    status: STATUS.test(folded),
    begun: BEGUN.test(folded),
    foreign: FOREIGN.test(folded),
  };
}

/** Columns whose accounts are the other side's, or may be: a payee without a column for the payee's account. */
export function hasUnclearAccounts(titles: readonly string[]): boolean {
  const folded = titles.map((title) => fold(title));
  const parties = folded.some((title) => /payee|beneficiary|recipient|partner|empfang|begunst|beguenst|zahlungs|counter ?party/.test(title)); // prettier-ignore
  const accounts = folded.some((title) => /^(?:gegen|tegen|counter|destination|payee account|other account)/.test(title)); // prettier-ignore
  return parties && !accounts;
}

export function roleOfTitle(text: string): Title["role"] {
  const spaced = spacedOf(text);
  const folded = fold(spaced);
  const own = FILE_WORDS.find(([, pattern]) => pattern.test(folded))?.[0];
  if (own !== undefined && own !== "unnamed") return own;
  const role = roleOf(spaced);
  // `Posting time` is a date to pages; `Dr/Cr type` is still a mark.
  if (own === "unnamed") return role === "mark" || role === "reference" ? role : "other";
  if (role === null && WORDS_OF_PARTIES.test(folded)) return "party";
  return role ?? HINDI.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
