/** The words under which statements print their facts, by meaning. Lower case, without final punctuation. */

export type LabelKind =
  | "accountNumber"
  | "cardNumber"
  | "iban"
  | "name"
  | "address"
  | "ifsc"
  | "micr"
  | "bic"
  | "sortCode"
  | "routing"
  | "jointHolder"
  | "accountType"
  | "currency"
  | "opening"
  | "closing"
  /** A balance whose date says whether it opens or closes: `Balance as on 1 Apr 2024`. */
  | "balanceOn"
  | "debit"
  | "credit"
  | "debitCount"
  | "creditCount"
  | "count"
  /** Parts of a card's debit total: `Purchases`, `Fees Charged`. */
  | "cardDebit"
  | "cardCredit"
  | "from"
  | "to"
  /** Ends a value that stands left of it; carries no fact of its own. */
  | "other";

/** `|` separates phrases; a phrase is words separated by one space. The longest phrase wins. */
const PHRASES: readonly (readonly [kind: LabelKind, phrases: string])[] = [
  [
    "accountNumber",
    "account|statement of account no|statement of account number|statement of account for|statement for account|statement for account number|statement for account no|statement for a/c|statement for a/c no|statement of a/c no|account number|account no|account num|account #|account nr|account id|a/c number|a/c no|a/c num|a/c|ac no|acc no|acc number|acct no|acct number|acct|account number (iban)|wallet number|wallet no" +
      "|kontonummer|konto-nr|konto nr|konto|rekeningnummer|rekening|rekeningnr|numéro de compte|n° de compte|compte n°|compte no|numero de cuenta|número de cuenta|cuenta n°|no de cuenta|numero conto|conto corrente n|número da conta|conta|nomor rekening|no rekening|no. rekening|numer rachunku|nr rachunku|kontonr|tilinumero|hesap no|账号|帐号|账户|卡号|帳號",
  ],
  [
    "cardNumber",
    "card number|card no|card ending in|credit card number|credit card no|kartennummer|kaartnummer|numéro de carte",
  ],
  ["iban", "iban|iban number|iban no|iban-nr"],
  [
    "name",
    "account name|account holder|account holder name|account holder's name|account holders|name of account holder|name of the account holder|account title|title of account|name of account|a/c name|ac name|a/c holder name|customer name|name of customer|name of the customer|cust name|client name|primary holder|primary account holder|holder name|holder|member name|name" +
      "|kontoinhaber|kontoinhaberin|rekeninghouder|tenaamstelling|ten name van|titulaire|titulaire du compte|titular|titular de la cuenta|intestatario|intestato a|nama|nama pemilik|nama nasabah|户名|姓名|户 名",
  ],
  [
    "address",
    "address|customer address|mailing address|communication address|registered address|correspondence address|adresse|anschrift|adres|dirección|direccion|indirizzo|endereço|alamat|地址",
  ],
  [
    "ifsc",
    "ifsc|ifsc code|ifs code|ifsc no|rtgs/neft ifsc|rtgs/neft ifsc code|neft/rtgs ifsc|neft ifsc|branch ifsc|bank ifsc|rtgs / neft ifsc",
  ],
  ["micr", "micr|micr code|micr no|micr number|branch micr"],
  [
    "bic",
    "bic|bic code|bic/swift|bic / swift|swift|swift code|swift/bic|swift bic|swift-code|bic-code|bic (swift)|bankidentifier",
  ],
  ["sortCode", "sort code|sortcode|sort-code|sort code:"],
  [
    "routing",
    "routing number|routing no|routing #|aba|aba number|aba routing number|routing transit number|routing/transit number|transit routing number|rtn",
  ],
  [
    "jointHolder",
    "joint holder|joint holders|joint holder name|joint account holder|joint account holders|jt holder|jt holders|second holder|second account holder",
  ],
  [
    "accountType",
    "account type|type of account|account description|a/c type|ac type|acct type|account product|product|product name|scheme|scheme name|kontoart|rekeningtype|rekeningsoort|type de compte|tipo de cuenta|account variant|product type",
  ],
  [
    "currency",
    "currency|account currency|currency code|ccy|währung|kontowährung|valuta|munteenheid|munt|devise|moneda|divisa|moeda|mata uang|币种|货币|statement currency",
  ],
  [
    "opening",
    "opening balance|opening bal|op balance|op bal|balance brought forward|brought forward|balance b/f|b/f|bal b/f|start balance|starting balance|beginning balance|balance at start|previous balance|previous statement balance|balance from last statement|balance at period start|opening book balance|opening ledger balance" +
      "|beginsaldo|vorig saldo|saldo begin|anfangssaldo|alter saldo|alter kontostand|solde initial|ancien solde|solde précédent|saldo inicial|saldo anterior|saldo iniziale|saldo precedente|saldo awal|saldo początkowe|期初余额|上期余额",
  ],
  [
    "closing",
    "closing balance|closing bal|cl balance|cl bal|balance carried forward|carried forward|balance c/f|c/f|bal c/f|end balance|ending balance|balance at end|new balance|final balance|balance at period end|closing book balance|closing ledger balance|statement balance|your closing balance" +
      "|eindsaldo|nieuw saldo|saldo eind|endsaldo|neuer saldo|neuer kontostand|solde final|nouveau solde|saldo final|saldo actual|saldo finale|saldo akhir|saldo końcowe|期末余额|本期余额",
  ],
  [
    "balanceOn",
    "balance as on|balance as at|balance as of|balance on|balance at|balance as on date|saldo am|saldo per|saldo op|kontostand am|kontostand per|solde au|saldo al|saldo a|saldo em|saldo per datum|your balance on",
  ],
  [
    "debit",
    "total debit|total debits|debit total|debits total|total debit amount|total dr|dr total|total dr amount|debits|total withdrawal|total withdrawals|withdrawals|total paid out|total payments out|paid out|money out|total money out|total out|total outgoing|total outgoings|outgoing|total payments|payments out|total spent|total withdrawn|withdrawn|total outflow" +
      "|totaal af|totaal uit|af totaal|totaal afgeschreven|summe soll|summe der lastschriften|ausgaben|total débits|total des débits|total debitos|total débitos|total cargos|cargos|totale uscite|totale addebiti|总支出|支出合计|total debet",
  ],
  [
    "credit",
    "total credit|total credits|credit total|credits total|total credit amount|total cr|cr total|total cr amount|credits|total deposit|total deposits|deposits|total paid in|paid in|money in|total money in|total in|total incoming|incoming|payments in|total received|total inflow" +
      "|totaal bij|totaal in|bij totaal|totaal bijgeschreven|summe haben|summe der gutschriften|einnahmen|total crédits|total des crédits|total creditos|total créditos|total abonos|abonos|totale entrate|totale accrediti|总收入|收入合计|total kredit",
  ],
  [
    "debitCount",
    "debit count|dr count|count of debits|no of debits|number of debits|total debit count|no of debit|debits count|dr. count|total no of debits|number of withdrawals|no of withdrawals|withdrawal count|debit transactions",
  ],
  [
    "creditCount",
    "credit count|cr count|count of credits|no of credits|number of credits|total credit count|no of credit|credits count|cr. count|total no of credits|number of deposits|no of deposits|deposit count|credit transactions",
  ],
  [
    "count",
    "transaction count|total transactions|number of transactions|no of transactions|total number of transactions|count of transactions",
  ],
  [
    "cardDebit",
    "purchases|fees charged|interest charged|cash advances|balance transfers|new purchases|purchases and debits|purchases & debits|fees and interest|other charges|finance charges|total purchases",
  ],
  [
    "cardCredit",
    "payments, credits|payment, credits|payments and credits|payments & credits|payments and other credits|payments/credits|payment/credits|payments received",
  ],
  [
    "from",
    "from|from date|statement from|period from|start date|date from|statement start date|van|von|vom|du|desde|dal",
  ],
  ["to", "to|to date|statement to|period to|end date|date to|statement end date|tot|t/m|bis|au|hasta|al"],
  [
    "other",
    "bank name|nominee name|branch|a/c branch|nomination registered|nominee registered|nomination regd|registered mobile no|registered email id|cust reln no|mod balance|product code|account branch|branch name|branch code|branch address|cust id|customer id|customer no|customer number|cif|cif no|cif number|crn|phone|phone no|tel|fax|email|e-mail|email id|mobile|mobile no|mobile number|telephone|nominee|nomination|pan|ckyc|ckyc no|od limit|drawing power|limit|credit limit|account status|account open date|a/c open date|account opening date|open date|a/c status|status|city|state|pin|pincode|pin code|country|statement period|period|statement date|statement no|date|print date|date of statement|generated on|page|page no|interest rate|interest rate (% p.a.)|date of birth|dob|account summary|account details|account statement|statement of account|statement summary|download date|bank information|minimum payment due|payment due date|available credit|credit access line|kundennummer|bankleitzahl|blz|periode|klantnummer|datum|debit|credit|balance|available balance|description|narration|particulars|details|balance after|wallet account|personal account",
  ],
];

interface Node {
  kind: LabelKind | null;
  next: Map<string, Node>;
}

export const labelTree: Node = buildTree();

/** One word of a label or of a page, made comparable: `No.:` and `NO` are `no`. */
export function keyOf(word: string): string {
  return word.toLowerCase().replace(/^[-–•*·(]+(?=\p{L})|[.:：;,)]+$/gu, "");
}

function buildTree(): Node {
  const root: Node = { kind: null, next: new Map() };
  for (const [kind, phrases] of PHRASES) {
    for (const phrase of phrases.split("|")) {
      let node = root;
      for (const word of phrase.split(" ")) {
        const key = keyOf(word);
        const next = node.next.get(key) ?? { kind: null, next: new Map<string, Node>() };
        node.next.set(key, next);
        node = next;
      }
      // The first kind that claims a phrase keeps it.
      node.kind ??= kind;
    }
  }
  return root;
}
