/** The entity flow's reads: keys in the reference's order, formats of §7, and the filter by account. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { z } from "zod";
import type * as bodies from "../src/http/bankconnect/entity/reads-bodies.ts";
import { EXAMPLES } from "../src/http/bankconnect/entity/reads-examples.ts";
import { addTo, entityWith, FILTERED, readEntity, UNFILTERED } from "./entity-reads-setup.ts";
import { NOBODY, NOW, openHttp, V1, type Http } from "./http-setup.ts";
import { MONTHLY, quarter, statementWith, type RowSpec } from "./insights-setup.ts";

type Transactions = z.output<typeof bodies.transactions>;
type Accounts = z.output<typeof bodies.accounts>;
type Identity = z.output<typeof bodies.identity>;
type Recurring = z.output<typeof bodies.recurring>;
type Salary = z.output<typeof bodies.salary>;
type Categories = z.output<typeof bodies.expenseCategories>;

/** Of another account: one purchase twice on a day, one rent, and a fee that is printed twice. */
const OTHER: readonly RowSpec[] = [
  ["2024-02-02", "UPI-SAMPLE CAFE-samplecafe@okbank-000000000000-LUNCH", -250_00n],
  ["2024-02-03", "RENT FEBRUARY", -9_000_00n],
  ["2024-02-04", "RENT FEBRUARY", -9_500_00n],
  ["2024-02-05", "RENT FEBRUARY", -100_00n],
];
const LATER = "2024-04-25T11:00:00.654321Z";

let http: Http;
/** Of an entity with two accounts, each with a statement. */
let id: string;
let first: { account: string; statement: string };
let second: { account: string; statement: string };
before(async () => {
  http = await openHttp();
  id = await entityWith(http, []);
  const statements = [await addTo(http, id, [quarter()])];
  http.setNow(LATER);
  const other = statementWith(OTHER, { number: "0012345678", opening: 50_000_00n, name: "A. Verma" });
  statements.push(await addTo(http, id, [other]));
  http.setNow(NOW);
  const { accounts } = await read<Accounts>("accounts");
  const placed = statements.map((statement) => {
    const account = accounts.find(({ statements }) => statements.includes(statement))?.account_id;
    assert.ok(account);
    return { account, statement };
  });
  const [one, two] = placed;
  assert.ok(one && two);
  [first, second] = [one, two];
});
after(() => http.close());

const read = <Body>(name: string, query = "") => readEntity<Body>(http, id, name, query);
const keys = (value: unknown): string[] => Object.keys(Object(value) as object);
const words = (text: string): string[] => text.trim().split(/\s+/);

const E = `transaction_note hash description account_id transaction_type amount date merchant_category balance
  transaction_channel`;
const COMMON = "entity_id progress accounts fraud";
const PAYLOADS: Record<string, string> = {
  accounts: COMMON,
  identity: `${COMMON} identity`,
  transactions: `${COMMON} transactions`,
  lender_transactions: `${COMMON} transactions`,
  salary: `${COMMON} transactions`,
  recurring_transactions: `${COMMON} transactions`,
  get_expense_categories: "entity_id progress categories",
  top_credits_debits: "entity_id progress top_5_credit_debit",
  monthly_analysis_updated: "entity_id progress accounts monthly_analysis",
  monthly_analysis: "entity_id progress accounts monthly_analysis",
  xlsx_report: "entity_id progress reports",
  predictors: "entity_id progress predictors",
  score: "entity_id progress score",
};

test("each read has its keys, in the reference's order, and no other", async () => {
  assert.deepEqual(new Set([...FILTERED, ...UNFILTERED]), new Set(Object.keys(PAYLOADS)));
  for (const [name, expected] of Object.entries(PAYLOADS)) {
    const body = await read<Record<string, unknown>>(name);
    assert.deepEqual(keys(body), words(expected), name);
    const progress = words("status message statement_id source");
    const item = (body as Accounts).progress[0];
    assert.deepEqual(keys(item), name === "identity" ? [...progress, "transaction_status"] : progress, name);
  }
});

test("documented examples have the same keys, at every level that a list's first element shows", async () => {
  for (const name of [...FILTERED, ...UNFILTERED] as (keyof typeof EXAMPLES)[]) {
    const body = await read<Record<string, unknown>>(name);
    assert.deepEqual(shapeOf(EXAMPLES[name]), shapeOf(body), name);
  }
});

/** Keys that are data, and what example and body need not both have, are left out. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : [shapeOf(value[0])];
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).map(([key, inner]) =>
    /^(monthly_analysis|predictors|top_5_\w+|score|debit_transactions)$/.test(key)
      ? key
      : [key, shapeOf(inner)],
  );
}

test("the common keys", async () => {
  const { progress, accounts, fraud } = await read<Accounts>("accounts");
  const done = (statement_id: string) => ({
    status: "completed",
    message: null,
    statement_id,
    source: "pdf",
  });
  assert.deepEqual(progress, [done(first.statement), done(second.statement)]);
  // The latest updated first.
  assert.deepEqual(accounts, [
    {
      account_id: second.account,
      bank: "hdfc",
      account_number: "0012345678",
      ifsc: null,
      micr: null,
      account_category: "individual",
      credit_limit: 0,
      months: ["2024-02"],
      statements: [second.statement],
      last_updated: LATER,
    },
    {
      account_id: first.account,
      bank: "hdfc",
      account_number: "5413699704",
      ifsc: null,
      micr: null,
      account_category: "individual",
      credit_limit: 0,
      months: ["2024-01", "2024-02", "2024-03"],
      statements: [first.statement],
      last_updated: NOW,
    },
  ]);
  assert.deepEqual(keys(accounts[0]), [
    ...words("account_id bank account_number ifsc micr account_category credit_limit months statements"),
    "last_updated",
  ]);
  assert.deepEqual(keys(fraud), ["fraudulent_statements", "fraud_type"]);
  assert.deepEqual(fraud, {
    fraudulent_statements: [],
    fraud_type: [
      {
        statement_id: null,
        fraud_type: "salary_1000_multiple",
        account_id: first.account,
        fraud_category: "salary",
        transaction_hash: null,
      },
    ],
  });
  assert.deepEqual(
    keys(fraud.fraud_type[0]),
    words("statement_id fraud_type account_id fraud_category transaction_hash"),
  );
});

test("identity: the latest updated account first", async () => {
  const { progress, identity } = await read<Identity>("identity");
  assert.deepEqual(progress[0]?.transaction_status, "completed");
  const of = (account_id: string, name: string, account_number: string) => ({
    account_id,
    name,
    address: null,
    account_number,
    account_category: "individual",
    credit_limit: 0,
  });
  assert.deepEqual(identity, [
    of(second.account, "A. Verma", "0012345678"),
    of(first.account, "Asha Verma", "5413699704"),
  ]);
  assert.deepEqual(
    keys(identity[0]),
    words("account_id name address account_number account_category credit_limit"),
  );
});

test("transactions: account by account, oldest first", async () => {
  const { transactions } = await read<Transactions>("transactions");
  assert.equal(transactions.length, 18);
  const [salary, instalment] = transactions;
  assert.deepEqual(keys(salary), words(E));
  const { hash, ...rest } = instalment ?? {};
  assert.match(String(hash), /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, {
    transaction_note: "ACH D- SAMPLE FINANCE LTD-EMI000111",
    description: "lender_transaction",
    account_id: first.account,
    transaction_type: "debit",
    amount: 12_345.67,
    date: "2024-01-05 00:00:00",
    merchant_category: "loans",
    balance: 82_654.33,
    transaction_channel: "auto_debit_payment",
  });
  // The enumeration's own word (§8.1), where insights write `Other`.
  const plain = transactions.find(({ transaction_note }) => transaction_note === "RENT FEBRUARY");
  assert.equal(plain?.transaction_channel, "Others");
  const lenders = await read<Transactions>("lender_transactions");
  assert.deepEqual(
    lenders.transactions,
    transactions.filter(({ description }) => description === "lender_transaction"),
  );
  assert.equal(lenders.transactions.length, 3);
});

test("salary: with the note and the month, unpadded", async () => {
  const { transactions } = await read<Salary>("salary");
  assert.deepEqual(keys(transactions[0]), words(`${E} clean_transaction_note month_year`));
  assert.deepEqual(
    transactions.map(({ month_year, amount, date }) => [month_year, amount, date]),
    [
      ["1-2024", 85_000, "2024-01-01 00:00:00"],
      ["2-2024", 85_000, "2024-02-01 00:00:00"],
      ["3-2024", 85_000, "2024-03-01 00:00:00"],
    ],
  );
});

test("recurring sets", async () => {
  const { transactions } = await read<Recurring>("recurring_transactions");
  assert.deepEqual(keys(transactions), ["credit_transactions", "debit_transactions"]);
  const [set] = transactions.credit_transactions;
  assert.deepEqual(
    keys(set),
    words("account_id start_date end_date transaction_channel median clean_transaction_note transactions"),
  );
  assert.deepEqual(keys(set?.transactions[0]), words(`${E} clean_transaction_note`));
  assert.deepEqual(
    [set?.account_id, set?.start_date, set?.end_date, set?.transaction_channel, set?.median],
    [first.account, "2024-01-01 00:00:00", "2024-03-01 00:00:00", "SALARY", 85_000],
  );
  const instalments = transactions.debit_transactions.find(({ median }) => median === 12_345.67);
  assert.equal(instalments?.transaction_channel, "AUTO_DEBIT_PAYMENT");
  assert.equal(instalments?.transactions.length, 3);
});

test("expense categories total 100", async () => {
  const { categories } = await read<Categories>("get_expense_categories");
  assert.deepEqual(keys(categories[0]), ["category", "percentage"]);
  const total = (all: Categories["categories"]) => all.reduce((sum, { percentage }) => sum + percentage, 0);
  assert.equal(total(categories), 100);
  const own = await read<Categories>("get_expense_categories", `?account_id=${second.account}`);
  assert.equal(total(own.categories), 100);
  assert.notDeepEqual(own.categories, categories);
});

test("top five by note: equal notes keep the larger amount", async () => {
  const { top_5_credit_debit: top } =
    await read<z.output<typeof bodies.topCreditsDebits>>("top_credits_debits");
  assert.deepEqual(keys(top), ["top_5_credit", "top_5_debit"]);
  assert.deepEqual(keys(top.top_5_debit), ["Jan-24", "Feb-24", "Mar-24"]);
  assert.deepEqual(top.top_5_credit["Mar-24"], {
    "NEFT CR-SBIN0000001-SAMPLE WORKS LTD-SALARY MAR 2024": 85_000,
  });
  // Of both accounts. Five notes, the greatest first; the third and lesser rents are not among them.
  assert.deepEqual(Object.entries(top.top_5_debit["Feb-24"] ?? {}), [
    ["ACH D- SAMPLE FINANCE LTD-EMI000111", 12_345.67],
    ["RENT FEBRUARY", 9_500],
    ["ATW-000000XXXXXX0000-CITY-CASH WITHDRAWAL", 5_000],
    ["UPI-SAMPLE STORES-samplestores@okbank-000000000000-GROCERY", 2_500.5],
    ["ACH RETURN CHARGES-INSUFFICIENT FUNDS", 590],
  ]);
});

test("monthly analysis: 95 keys, account by account and of all together", async () => {
  type Monthly = Record<string, Record<string, number | null>>;
  interface Updated {
    monthly_analysis: { account_id: Record<string, { monthly_analysis: Monthly }>[] };
  }
  const { monthly_analysis: each } = await read<Updated>("monthly_analysis_updated");
  assert.deepEqual(keys(each), ["account_id"]);
  assert.deepEqual(each.account_id.map(keys), [[first.account], [second.account]]);
  const own = each.account_id[0]?.[first.account];
  assert.deepEqual(keys(own), ["monthly_analysis"]);
  assert.equal(MONTHLY.length, 95);
  assert.deepEqual(keys(own?.monthly_analysis).sort(), MONTHLY.toSorted());
  assert.deepEqual(own?.monthly_analysis["amt_credit"], {
    "Jan-2024": 85_000,
    "Feb-2024": 85_000,
    "Mar-2024": 85_000,
  });
  const { monthly_analysis: all } = await read<{ monthly_analysis: Monthly }>("monthly_analysis");
  assert.deepEqual(keys(all).sort(), MONTHLY.toSorted());
  // 20,436.17 of the one, 18,850 of the other.
  assert.equal(all["amt_debit"]?.["Feb-2024"], 39_286.17);
});

test("predictors: months 0 to 5; the number is an integer, or null where none can hold it", async () => {
  const { predictors } = await read<z.output<typeof bodies.predictors>>("predictors");
  assert.deepEqual(predictors.map(keys), [
    ["account_id", "predictors"],
    ["account_id", "predictors"],
  ]);
  assert.deepEqual(
    predictors.map(({ account_id, predictors }) => [account_id, predictors["accountnumber"]]),
    [
      [first.account, 5_413_699_704],
      [second.account, null],
    ],
  );
  const own = predictors[0]?.predictors ?? {};
  for (const name of words("month credits debits income salary_date balance_on_1st cnt_emi_debit")) {
    const months = Object.keys(own).filter((key) => key.replace(/_\d+$/, "") === name && key !== name);
    assert.deepEqual(months, [0, 1, 2, 3, 4, 5].map((month) => `${name}_${month}`)); // prettier-ignore
  }
  const later = Object.keys(own).filter((key) => /_(6|7|8|9|10|11)$/.test(key));
  assert.deepEqual(later, []);
  for (const name of words("bank_connect_status start_date avg_daily_closing_balance_6months credits_c30"))
    assert.ok(name in own, name);
  assert.deepEqual([own["month_0"], own["start_date"], own["credits_0"]], ["Mar-24", "01-Jan-24", 85_000]);
});

test("?account_id= leaves what is of that account; of an unknown one there is nothing", async () => {
  const ids = (body: unknown) =>
    [...JSON.stringify(body).matchAll(/"account_id":"([^"]+)"/g)].map(([, account]) => account);
  for (const name of FILTERED) {
    const payload = name === "get_expense_categories" ? "categories" : "transactions";
    const part = async (query: string) => (await read<Record<string, unknown>>(name, query))[payload];
    const all = await part("");
    const [one, two] = [
      await part(`?account_id=${first.account}`),
      await part(`?account_id=${second.account}`),
    ];
    if (name !== "get_expense_categories") {
      assert.ok(ids(one).every((account) => account === first.account) && ids(one).length > 0, name);
      assert.ok(
        ids(two).every((account) => account === second.account),
        name,
      );
      assert.equal(ids(one).length + ids(two).length, ids(all).length, name);
    }
    const nothing =
      name === "recurring_transactions" ? { credit_transactions: [], debit_transactions: [] } : [];
    for (const unknown of [NOBODY, "not-a-uuid", `${first.account}%00`])
      assert.deepEqual(await part(`?account_id=${unknown}`), nothing, name);
    assert.deepEqual(await part("?account_id="), all, name);
    assert.deepEqual(await part(`?account_id=${first.account.toUpperCase()}`), one, name);
    assert.deepEqual(await part(`?account_id=${NOBODY}&account_id=${second.account}`), two, name);
  }
  // The common keys stay.
  const filtered = await read<Transactions>("transactions", `?account_id=${NOBODY}`);
  assert.deepEqual(filtered.accounts, (await read<Transactions>("transactions")).accounts);
});

test("reads that take no filter take no notice of one", async () => {
  for (const name of UNFILTERED)
    assert.deepEqual(await read(name, `?account_id=${NOBODY}`), await read(name), name);
});

test("with and without a slash at the end, and GET only", async () => {
  const path = `${V1}/entity/${id}/transactions`;
  assert.equal((await http.call(path)).status, 200);
  const { status, body, headers } = await http.call(`${path}/`, { method: "POST" });
  assert.deepEqual([status, headers.get("allow")], [405, "GET"]);
  assert.deepEqual(body, { detail: "Method POST not allowed." });
});
