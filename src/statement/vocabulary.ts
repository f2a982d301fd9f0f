/** The words by which tables name their columns and their balance rows, in the languages we have met. */

export type Role =
  | "date"
  | "valueDate"
  | "description"
  | "debit"
  | "credit"
  | "amount"
  | "balance"
  | "mark"
  | "reference"
  | "serial"
  | "other";

/** Small letters without accents; brackets, signs and currency marks become single spaces. */
export function fold(text: string): string {
  // Most texts are plain: a third of the time that the general way takes.
  if (isAscii(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim(); // prettier-ignore
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

const DEBIT =
  "debits?|debited|withdrawals?|withdrawn|withdraw|money out|paid out|payments?(?: out)?|out|dr|debet|soll|lastschrift(?:en)?|ausgang|ausgaben|belastung(?:en)?|af|uit|uitgaven|debe|cargos?|retiros?|egresos|addebit[io]|uscite|dare|debitos?|saidas?|pengeluaran|keluar|borc|obciazenia|debito|bij af debit";
const CREDIT =
  "credits?|credited|deposits?|deposited|money in|paid in|receipts?|in|cr|haben|gutschrift(?:en)?|eingang|einnahmen|bij|ontvangen|haber|abonos?|ingresos|depositos?|accredit[io]|entrate|avere|creditos?|entradas?|pemasukan|masuk|alacak|uznania|kredit|lodgements?";
const HAN_DEBIT = "支出|借方|出金|付款";
const HAN_CREDIT = "收入|贷方|入金|存入";

const word = (words: string, others = ""): RegExp =>
  new RegExp(`(?:^| )(?:${words})(?= |$)${others === "" ? "" : `|${others}`}`, "u");

const HAS_DEBIT = word(DEBIT, HAN_DEBIT);
const HAS_CREDIT = word(CREDIT, HAN_CREDIT);

/** The first pattern that fits a folded header phrase names the column: `Value Date` before `Date`, `Closing Balance` before all amounts. */
const ROLES: readonly (readonly [Role, RegExp])[] = [
  // What was paid abroad stands beside what is booked.
  ["other", word("foreign|fc(?:y)? amount|(?:original|transaction) currency|original amount|exchange rate|fremdwahrung|auslandsbetrag|devises|moneda extranjera|valuta estera|vreemde valuta")],
  ["valueDate", word("value (?:date|dt)|val date|valuta|valutadatum|wert(?:stellung)?|interest date|rentedatum|date (?:de )?valeur|valeur|tarikh nilai|fecha valor|data (?:di )?valuta|data valor|effective date", "起息日")],
  ["reference", word("(?:ref|reference|cheque|check|chq|instrument|voucher|utr|tran(?:saction)? id|txn id|receipt)(?: ref| cheque)?(?: (?:no|number|num|nr|id))+|chq ref(?: no)?|cheque|chq|ref|reference|transaction reference|instrument|instruments?(?: id)?|utr|referenz|referentie|referencia|riferimento", "参考号|流水号")],
  ["date", word("date|dt|datum|fecha|data|dato|tanggal|tarikh|tarih|buchung(?:stag)?|buchungsdatum|boekdatum|posted|posting|trans(?:action)? time|day|jour|dia|giorno", "日期|交易日|日付|거래일")],
  ["balance", word("balances?|bal|saldo|solde|kontostand|stand|baki|bakiye", "余额|残高|잔액|結餘")],
  ["amount", word("(?:transaction|trans|tran|txn) (?:amounts?|amt|value)|jumlah urusniaga")],
  ["description", word("descriptions?|details?|particulars?|narrations?|narrative|remarks?|merchant(?: name)?|transaction|activity|counterparty|memo|omschrijving|mededelingen|naam|beschreibung|verwendungszweck|buchungstext|vorgang|text|libelle|operations?|nature|concepto|descripcion|detalle|descrizione|causale|operazione|descricao|historico|lancamento|butir|keterangan|uraian|aciklama|opis|payee|payment details", "摘要|交易摘要|说明|对方|摘\\s*要|적요")],
  ["other", word("type|channel|branch|code|channel id|init br|location|mode|category|sol|teller|user|rates?|percentage|apr|zins(?:satz)?|taux|tasa")],
  ["debit", HAS_DEBIT],
  ["credit", HAS_CREDIT],
  ["amount", word("amounts?|amt|betrag|umsatz|bedrag|montant|importe|importo|valor|belopp|belob|jumlah|nominal|tutar|kwota|value", "金额|交易金额")],
  ["serial", /^(?:s no|sl no|sr no|sno|no|nr|serial|serial no|s n|sn|s|sr)$/u],
]; // prettier-ignore

/** Headers and heads are printed on every page: what was asked before need not run through the patterns again. */
const asked = new Map<string, Role | null>();
const MOST_ASKED = 2000;

/** What a column header means, or null where it is no header we know. */
export function roleOf(phrase: string): Role | null {
  if (phrase.length === 0 || phrase.length > 60) return null;
  const known = asked.get(phrase);
  if (known !== undefined) return known;
  if (asked.size >= MOST_ASKED) asked.clear();
  const role = findRole(phrase);
  asked.set(phrase, role);
  return role;
}

function findRole(phrase: string): Role | null {
  if (/^[#№]$/.test(phrase)) return "serial";
  const folded = fold(phrase);
  if (folded === "" || folded.split(" ").length > 7) return null;
  if (HAS_DEBIT.test(folded) && HAS_CREDIT.test(folded)) return "mark";
  for (const [role, pattern] of ROLES) if (pattern.test(folded)) return role;
  return null;
}

const SIDE_CREDIT = word("deposits?|additions|credits?|money in|receipts|gutschriften|abonos|depositos");
const SIDE_DEBIT = word(
  "withdrawals?|subtractions|debits?|checks?(?: paid)?|cheques?|fees?|purchases?|charges?|payments?|money out|lastschriften|cargos|retiros",
);

/** What the title of a table says of its rows: `Payments and other credits` came in, `Checks paid` went out. */
export function sideOf(title: string): "dr" | "cr" | null {
  const folded = fold(title);
  if (SIDE_CREDIT.test(folded)) return /withdrawals|debits/.test(folded) ? null : "cr";
  return SIDE_DEBIT.test(folded) ? "dr" : null;
}

/** `carried`: to the next page, or out of the last one. */
export type BalanceWord = "opening" | "closing" | "carried" | "total";

const STARTS: readonly (readonly [BalanceWord, RegExp])[] = [
  ["opening", /^(?:opening (?:balance|bal)|balance (?:brought forward|b f|forward|at start)|(?:balance )?brought forward|b f(?: |$)|bal b f|previous balance|(?:start(?:ing)?|beginning|initial) balance|balance as (?:of|at|on) (?:start|opening)|anfangssaldo|alter (?:saldo|kontostand)|startsaldo|saldo (?:anterior|inicial|iniziale|precedente|awal|vorige|vortrag)|saldovortrag|ubertrag|beginsaldo|vorig saldo|oud saldo|ancien solde|solde (?:precedent|initial|anterieur|reporte)|report(?: |$)|devir|ingaende saldo|primo saldo)|^(?:期初余额|上期余额|承前|承上)/u],
  ["carried", /^(?:(?:balance )?carried (?:forward|down)|balance c f|c f(?: |$)|bal c f|solde a reporter)|^(?:转下|轉下)/u],
  ["closing", /^(?:closing (?:balance|bal)|(?:new|end|ending|final) balance|balance at end|endsaldo|neuer (?:saldo|kontostand)|eindsaldo|nieuw saldo|nouveau solde|solde (?:final|nouveau)|saldo (?:final|finale|actual|akhir|nuevo)|utgaende saldo|ultimo saldo)|^(?:期末余额|本期余额)/u],
  ["total", /^(?:(?:grand |sub ?|page |transaction |statement |period )?totals?(?: |$)|total(?:en|es|e)?(?: |$)|summe|zwischensumme|som(?: |$)|totaal|totali|turnover|jumlah total|toplam|suma(?: |$))|^(?:合计|合計|总计|小计)/u],
]; // prettier-ignore

const QUICK = /[boptcsznidrufvaejg承上期转轉合总小]/i;

/** Whether a row's text begins with the words of a balance or a total row. */
export function balanceWord(text: string): BalanceWord | null {
  if (text === "" || !QUICK.test(text[0] ?? "")) return null;
  const folded = fold(text.slice(0, 60));
  for (const [kind, pattern] of STARTS) if (pattern.test(folded)) return kind;
  return null;
}
