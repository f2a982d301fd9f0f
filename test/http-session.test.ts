/** The session flow as a client walks it: every body compared with the contract key by key. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isUuidV4 } from "../src/platform/ids.ts";
import { fullStatement, statementOf } from "./intake-setup.ts";
import { isEnvelope, field, multipart, openHttp, V1, type Http } from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const STATEMENT_KEYS = [
  "statement_id", "statement_status", "error_code", "error_message", "source", "statement_date_range", "created_at",
  "upload_file_name",
]; // prettier-ignore

const keysOf = (value: unknown) => Object.keys(value as object).sort();
const sorted = (keys: string[]) => keys.toSorted();
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => Reflect.get(inner as object, key), value);

test("a session is created by JSON or form, with the key in the body, the header or both", async () => {
  const { apiKey } = http.credentials;
  const ways = [
    { json: { link_id: "c", api_key: apiKey }, as: null },
    { form: { link_id: "c", api_key: apiKey }, as: null },
    { json: { link_id: "c" } },
    { json: { link_id: "c", api_key: apiKey } },
    { form: { link_id: "c" }, headers: { "x-api-key": apiKey }, as: null },
    { multipart: multipart({ link_id: "c", api_key: apiKey, accept_anything: "true" }), as: null },
    { multipart: multipart({ link_id: "Zoë" }, new Uint8Array([65])) },
  ];
  for (const way of ways) {
    const { status, body } = await http.call(`${V1}/session/`, way);
    assert.equal(status, 200);
    assert.deepEqual(keysOf(body), ["redirect_url", "session_id"]);
    const id = field(body, "session_id");
    assert.ok(isUuidV4(id));
    assert.equal(field(body, "redirect_url"), `https://connect.example/?session_id=${id}`);
  }
});

test("every field of a session is stored as it was meant", async () => {
  const id = await http.newSession({
    link_id: 42,
    redirect_url: "https://example.com/done?x=1",
    from_date: "25/10/2023",
    to_date: "25/04/2024",
    logo_url: "",
    bank_name: "AXIS",
    mode: "PDF",
    mobile_number: 9876543210,
    session_expiry: "120",
    journey_mode: "multi_pdf",
    accept_anything: "true",
    is_mobile_field_editable: 1,
    metadata: { names: ["A. Sample"], unknown: 1 },
    something_else: { deep: [] },
  });
  const row = await http.database.kysely
    .selectFrom("sessions")
    .selectAll()
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.equal(row.link_id, "42");
  assert.equal(row.bank_name, "axis");
  assert.equal(row.accept_anything, true);
  assert.equal(row.from_date.toString(), "2023-10-25");
  assert.equal(row.expires_at.since(row.created_at).total("minutes"), 120);
  assert.equal(at(row.request, "redirect_url"), "https://example.com/done?x=1");
  assert.equal(at(row.request, "mobile_number"), "9876543210");
  assert.equal(at(row.request, "is_mobile_field_editable"), true);
  assert.deepEqual(at(row.request, "metadata"), { names: ["A. Sample"] });
});

test("upload, status, processing, progress, outcome: the whole flow in the contract's words", async () => {
  const id = await http.newSession();
  const base = `${V1}/session_data/${id}`;

  const empty = await http.call(`${base}/session_upload_status/`);
  assert.equal(empty.status, 200);
  assert.deepEqual(empty.body, {
    session_id: id,
    session_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
    upload_status: "NO_UPLOAD",
    session_expiry_timestamp: "2024-04-25 11:00:00",
    accounts: [],
    error: {},
  });

  const upload = await http.upload(id, http.fileOf(fullStatement({ number: "5413699704" })));
  assert.equal(upload.status, 200);
  assert.deepEqual(keysOf(upload.body), sorted([
    "status", "session_id", "statement_id", "account_id", "bank_name", "masked_account_number",
  ])); // prettier-ignore
  assert.equal(at(upload.body, "status"), 1);
  assert.equal(at(upload.body, "masked_account_number"), "XXXXXX9704");
  const statementId = field(upload.body, "statement_id");
  const accountId = field(upload.body, "account_id");

  const status = await http.call(`${base}/session_upload_status/`);
  assert.deepEqual(status.body, {
    session_id: id,
    session_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
    upload_status: "COMPLETED",
    session_expiry_timestamp: "2024-04-25 11:00:00",
    accounts: [
      {
        account_id: accountId,
        account_number: "XXXXXX9704",
        bank_name: "hdfc",
        full_bank_name: at(status.body, "accounts", 0, "full_bank_name"),
        name: "Asha Verma",
        account_type: "SAVINGS",
        account_status: "COMPLETED",
        months: ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"],
        missing_data: [],
        created_at: "2024-04-25 10:00:00",
        last_updated_at: "2024-04-25 10:00:00",
        statements: [
          {
            statement_id: statementId,
            statement_status: "completed",
            error_code: "",
            error_message: "",
            source: "pdf",
            statement_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
            created_at: "2024-04-25T10:00:00.123456Z",
            upload_file_name: "statement.pdf",
          },
        ],
      },
    ],
    error: {},
  });

  const started = await http.call(`${base}/initiate_processing/`, { method: "POST" });
  assert.equal(started.status, 202);
  assert.deepEqual(started.body, { session_id: id, message: "success" });

  const running = await http.call(`${base}/progress/`);
  assert.equal(at(running.body, "session_progress"), "processing");
  await http.runJob("process_session", id);

  const progress = await http.call(`${base}/progress/`);
  assert.deepEqual(progress.body, {
    session_id: id,
    session_progress: "completed",
    progress: [
      {
        identity_status: "completed",
        transaction_status: "completed",
        processing_status: "completed",
        fraud_status: "completed",
        statement_id: statementId,
        message: null,
        source: "pdf",
      },
    ],
  });

  const outcome = await http.call(`${base}/session_status/`);
  assert.equal(outcome.status, 200);
  assert.deepEqual(keysOf(outcome.body), ["accounts", "insights_available", "session_id"]);
  const account = at(outcome.body, "accounts", 0);
  assert.deepEqual(keysOf(account), sorted([
    "account_id", "account_number", "bank_name", "full_bank_name", "name", "account_category", "account_type",
    "account_status", "error_code", "error_message", "created_at", "last_updated_at", "attempt_types", "statements",
  ])); // prettier-ignore
  assert.equal(at(account, "account_number"), "XXXXXX9704");
  assert.equal(at(account, "account_status"), "completed");
  assert.deepEqual(at(account, "attempt_types"), ["PDF"]);
  assert.equal(at(account, "error_code"), null);
  assert.deepEqual(keysOf(at(account, "statements", 0)), sorted(STATEMENT_KEYS));
  assert.equal(at(account, "statements", 0, "error_code"), null);
  assert.equal(at(account, "statements", 0, "created_at"), "2024-04-25T10:00:00.123456Z");

  const payloads = await http.call(`${base}/webhook_payloads/`);
  assert.equal(payloads.status, 200);
  const sent = at(payloads.body, "payloads");
  assert.ok(Array.isArray(sent));
  assert.deepEqual(
    sent.map((body: unknown) => [at(body, "event_name"), at(body, "date_time")]),
    [
      ["ENRICHMENT_NOTIFICATION", "2024-04-25 10:00:00"],
      ["SESSION_REQUIREMENT_COMPLETION_NOTIFICATION", "2024-04-25 10:00:00"],
    ],
  );
  assert.equal(at(sent[1], "accounts", 0, "account_number"), "5413699704");
});

test("a session's transactions, row by row as they were proven", async () => {
  const id = await http.newSession({ accept_anything: true });
  const uploaded = await http.upload(
    id,
    http.fileOf(statementOf({ days: ["2024-01-10", "2024-01-11"], opening: 5n })),
  );
  await http.call(`${V1}/session_data/${id}/initiate_processing/`, { method: "POST" });
  await http.runJob("process_session", id);
  const { status, body } = await http.call(`${V1}/session_data/${id}/transactions/`);
  assert.equal(status, 200);
  const row = (n: number, date: string, balance: number) => ({
    account_id: at(uploaded.body, "account_id"),
    transaction_type: "credit",
    transaction_note: `UPI/${n}/rent`,
    chq_num: "",
    amount: 100,
    balance,
    date: `${date} 00:00:00`,
    hash: at(body, "transactions", n, "hash"),
    category: "Transfer from rent",
    metadata: { unclean_merchant: "rent", transaction_channel: "upi", description: "" },
    proof: "chain",
  });
  assert.deepEqual(body, {
    session_id: id,
    transactions: [row(0, "2024-01-10", 100.05), row(1, "2024-01-11", 200.05)],
  });
  assert.match(String(at(body, "transactions", 0, "hash")), /^[0-9a-f]{32}$/);
  await http.call(`${V1}/session_data/${id}/webhook_payloads/`);
  const reads = await http.database.kysely
    .selectFrom("audit")
    .select(["action", "detail"])
    .where("target", "=", `session:${id}`)
    .where("action", "like", "%.read")
    .orderBy("id")
    .execute();
  assert.deepEqual(reads, [
    { action: "transactions.read", detail: { count: 2 } },
    { action: "webhook_payloads.read", detail: { count: 2 } },
  ]);
});

test("identity=true and progress add the rest of the body", async () => {
  const id = await http.newSession();
  const file = http.fileOf(fullStatement({ opening: 123_456n }));
  const { status, body } = await http.upload(id, file, {}, "?identity=true&progress=true");
  assert.equal(status, 200);
  const accountId = field(body, "account_id");
  assert.deepEqual(body, {
    status: 1,
    session_id: id,
    statement_id: at(body, "statement_id"),
    account_id: accountId,
    bank_name: "hdfc",
    masked_account_number: "XXXXXX9704",
    page_count: 2,
    date_range: { from_date: "2023-10-25", to_date: "2024-04-25" },
    extracted_date_range: { from_date: "2023-10-30", to_date: "2024-04-10" },
    opening_date: null,
    opening_bal: 1234.56,
    closing_bal: 1934.56,
    is_fraud: false,
    fraud_type: null,
    metadata_analysis: { name_matches: [] },
    country_code: "IN",
    currency_code: "INR",
    months: ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"],
    missing_months: [],
    identity: {
      account_number: "5413699704",
      name: "Asha Verma",
      address: null,
      ifsc: null,
      micr: null,
      account_category: "individual",
      credit_limit: 0,
      od_limit: 0,
      account_id: accountId,
      bank_name: "hdfc",
    },
    progress: [
      {
        identity_status: "completed",
        transaction_status: "completed",
        processing_status: at(body, "progress", 0, "processing_status"),
        fraud_status: at(body, "progress", 0, "fraud_status"),
        statement_id: at(body, "statement_id"),
        message: null,
        source: "pdf",
      },
    ],
  });
});

test("a file goes in as a part, as Base64 in a form or a part, and from a URL", async () => {
  const asked: string[] = [];
  const own = await openHttp({
    fetchFile: async (url, limits) => {
      asked.push(url);
      assert.equal(limits.maxBytes, 1024 * 1024);
      return { ok: true, bytes: Buffer.from(bytesOf()), fileName: "from-url.pdf" };
    },
  });
  const bytesOf = () => own.fileOf(fullStatement({ days: ["2024-01-10"], name: `N ${asked.length}` }));
  try {
    const path = `${V1}/statement/upload_session/`;
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const ways: ((session_id: string) => Parameters<Http["call"]>[1])[] = [
      (session_id) => ({ form: { session_id, upload_type: "BASE64", file: base64(bytesOf()) } }),
      (session_id) => ({
        form: { session_id, upload_type: "base64", file: `data:application/pdf;base64,${base64(bytesOf())}` },
      }),
      (session_id) => ({
        form: { session_id, upload_type: "PDF", file_url: "https://files.example/a%20b.pdf" },
      }),
      (session_id) => {
        const multipart = new FormData();
        for (const [key, value] of Object.entries({
          session_id,
          upload_type: "BASE64",
          file: base64(bytesOf()),
        })) {
          multipart.append(key, value);
        }
        return { multipart };
      },
      // An unescaped plus arrives as a space.
      (session_id) => ({
        body: `session_id=${session_id}&upload_type=BASE64&file=${base64(bytesOf())}`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    ];
    for (const way of ways) {
      const id = await own.newSession();
      const { status, text } = await own.call(path, way(id));
      assert.equal(status, 200, text);
    }
    assert.deepEqual(asked, ["https://files.example/a%20b.pdf"]);
  } finally {
    await own.close();
  }
});

test("a file's name loses its folders and its control characters", async () => {
  const id = await http.newSession();
  const form = new FormData();
  form.append("session_id", id);
  form.append("upload_type", "PDF");
  const bytes = http.fileOf(statementOf({ days: ["2024-01-10"] }));
  form.append("file", new Blob([bytes]), "../../etc/pass\u0000wd\u0007.pdf");
  const upload = await http.call(`${V1}/statement/upload_session/`, { multipart: form });
  assert.equal(upload.status, 200, upload.text);
  const { body } = await http.call(`${V1}/session_data/${id}/session_upload_status/`);
  assert.equal(at(body, "accounts", 0, "statements", 0, "upload_file_name"), "passwd.pdf");
});

test("paths work without their slash", async () => {
  const id = await http.newSession();
  assert.equal((await http.call(`${V1}/session_data/${id}/session_upload_status`)).status, 200);
  assert.equal((await http.call(`${V1}/session`, { json: { link_id: "c" } })).status, 200);
});

test("v2: the redirect carries a token for the session's life, the bank may be named `bank`", async () => {
  const create = (json: object) =>
    http.call("/bank-connect/v2/session/", { json: { link_id: "v2", ...json } });
  const made = await create({ bank: "axis", aa_journey_code: "BCAA002", session_expiry: 10 });
  assert.equal(made.status, 200, made.text);
  const { session_id: id, redirect_url: redirect } = made.body as Record<string, string>;
  const url = new URL(redirect ?? "");
  assert.equal(url.searchParams.get("session_id"), id);
  const token = url.searchParams.get("token") ?? "";
  const row = await http.database.kysely
    .selectFrom("sessions")
    .select(["bank_name", "request"])
    .where("public_id", "=", id ?? "")
    .executeTakeFirstOrThrow();
  assert.equal(row.bank_name, "axis");
  assert.deepEqual([row.request["version"], row.request["aa_journey_code"]], [2, "BCAA002"]);
  // Seconds since 1970: ten minutes from the clock of the test.
  assert.match(token, /^1714039\d{3}\.[\w-]{43}$/);
  const dates = { from_date: "01/01/2024", to_date: "01/02/2024", consent_expiry: "02/02/2024" };
  assert.equal((await create({ consents: { CC0001: dates } })).status, 200);
  const refused: [object, string, string][] = [
    [{ aa_journey_code: "BCAA009" }, "INVALID_AA_PARAMETER", "Invalid AA parameter"],
    [{ consents: { CC0002: dates } }, "INVALID_AA_PARAMETER", "Invalid AA parameter"],
    [
      { consents: { CC0001: { ...dates, from_date: "2024-01-01" } } },
      "INVALID_DATE_FORMAT",
      "Invalid `from_date` or `to_date` format. Use `DD/MM/YYYY`.",
    ],
    [
      { consents: { CC0001: { ...dates, to_date: "31/12/2023" } } },
      "INVALID_DATE_RANGE",
      "`from_date` cannot be greater or equal to `to_date`.",
    ],
  ];
  for (const [json, code, message] of refused) isEnvelope(await create(json), 400, code, message);
  isEnvelope(
    await http.call("/bank-connect/v2/session/", { json: { link_id: "v2" }, as: null }),
    401,
    "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED",
    "Authentication credentials were not provided",
  );
});
