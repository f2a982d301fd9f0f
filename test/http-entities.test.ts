/** The entity flow over real HTTP: entities, their four uploads by number and word, and the webhook in its two modes. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fullStatement } from "./intake-setup.ts";
import {
  field,
  multipart,
  newCredentials,
  NOBODY,
  openHttp,
  V1,
  type Answer,
  type Http,
} from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const DENIED = { detail: "Authentication credentials were not provided." };
const NOT_FOUND = { detail: "Not found." };

const create = (form: Record<string, string> = {}, as = http.credentials) =>
  http.call(`${V1}/entity/`, { method: "POST", form, as });
const entityId = async (linkId: string) => field((await create({ link_id: linkId })).body, "entity_id");

const upload = (fields: Record<string, string>, bytes?: Uint8Array<ArrayBuffer>, path = "bankless_upload/") =>
  http.call(`${V1}/statement/${path}`, { multipart: multipart(fields, bytes) });

function answers(answer: Answer, status: number, body: unknown): void {
  assert.deepEqual({ status: answer.status, body: answer.body }, { status, body });
}

describe("entities", () => {
  test("one link_id is one entity, also under fifty creations at once", async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create({ link_id: "many" })));
    assert.deepEqual(new Set(made.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(made.map(({ body }) => field(body, "entity_id"))).size, 1);
    const { body } = await http.call(`${V1}/entity/?link_id=many`);
    assert.equal((body as { count: number }).count, 1);
  });

  test("what was given is given back; without a link_id each is another", async () => {
    const made = await create({ link_id: "with-data", meta_data: '{"branch": "North"}' });
    const id = field(made.body, "entity_id");
    answers(made, 201, { entity_id: id, link_id: "with-data", meta_data: { branch: "North" } });
    answers(await http.call(`${V1}/entity/${id}/`), 200, made.body);
    const [one, two] = [await create(), await create()];
    assert.notEqual(field(one.body, "entity_id"), field(two.body, "entity_id"));
    assert.equal((one.body as { link_id: unknown }).link_id, null);
  });

  test("faults of fields", async () => {
    const long = "Ensure this field has no more than 500 characters.";
    answers(await create({ link_id: "x".repeat(501) }), 400, { link_id: [long] });
    answers(await create({ meta_data: "[1]" }), 400, { meta_data: ["Value must be valid JSON."] });
  });

  test("pages of ten, oldest first", async () => {
    const { credentials } = await http.newEnvironment();
    for (let n = 1; n <= 11; n++) await create({ link_id: `page-${n}` }, credentials);
    type Page = {
      count: number;
      next: string | null;
      previous: string | null;
      results: { link_id: string }[];
    };
    const read = async (query: string) =>
      (await http.call(`${V1}/entity/${query}`, { as: credentials })).body as Page;
    const first = await read("");
    assert.deepEqual([first.count, first.results.length, first.previous], [11, 10, null]);
    assert.equal(first.results[0]?.link_id, "page-1");
    assert.equal(first.next, "http://localhost:8080/bank-connect/v1/entity/?page=2");
    const second = await read("?page=2");
    assert.deepEqual(
      second.results.map(({ link_id }) => link_id),
      ["page-11"],
    );
    assert.deepEqual([second.next, second.previous?.endsWith("?page=1")], [null, true]);
    const only = await read("?link_id=page-7");
    assert.deepEqual([only.count, only.results[0]?.link_id], [1, "page-7"]);
    assert.equal((await read("?page=3&page=1&link_id=")).count, 11, "the last counts; empty is absent");
    for (const query of ["?page=3", "?page=0", "?page=x"])
      answers(await http.call(`${V1}/entity/${query}`, { as: credentials }), 404, NOT_FOUND);
  });

  test("shape A where credentials are missing or wrong; another's entity is not there", async () => {
    const id = await entityId("mine");
    answers(await http.call(`${V1}/entity/`, { method: "POST", form: {}, as: null }), 401, DENIED);
    answers(await create({}, newCredentials()), 401, DENIED);
    const wrongHash = { ...http.credentials, serverHash: "0".repeat(32) };
    answers(await http.call(`${V1}/entity/${id}/`, { as: wrongHash }), 401, DENIED);
    answers(await http.call(`${V1}/statement/upload/`, { form: {}, as: null }), 401, DENIED);
    const { credentials } = await http.newEnvironment();
    answers(await http.call(`${V1}/entity/${id}/`, { as: credentials }), 404, NOT_FOUND);
    answers(await http.call(`${V1}/entity/${NOBODY}/`), 404, NOT_FOUND);
    answers(await http.call(`${V1}/entity/not-a-uuid/`), 404, NOT_FOUND);
    // An entity is no session, and a session no entity.
    const session = await http.newSession();
    answers(await http.call(`${V1}/entity/${session}/`), 404, NOT_FOUND);
    assert.equal((await http.call(`${V1}/session_data/${id}/session_upload_status/`)).status, 404);
    assert.equal((await http.call(`${V1}/session_data/${id}/progress/`)).status, 404);
  });
});

describe("uploads", () => {
  test("status 1, with and without identity; the entity by link_id or by id", async () => {
    const id = await entityId("uploads");
    const bytes = http.fileOf(fullStatement());
    const plain = await upload({ link_id: "uploads" }, bytes);
    const statementId = field(plain.body, "statement_id");
    answers(plain, 200, { entity_id: id, statement_id: statementId, bank_name: "hdfc", status: 1 });
    // The same bytes again answer the same, here with everything.
    const again = await upload(
      { entity_id: id, link_id: "another" },
      bytes,
      "bankless_upload/?identity=true",
    );
    assert.equal(again.status, 200, again.text);
    assert.deepEqual(Object.keys(again.body as object), [
      "entity_id",
      "statement_id",
      "bank_name",
      "status",
      "date_range",
      "is_fraud",
      "fraud_type",
      "identity",
    ]);
    assert.equal(field(again.body, "statement_id"), statementId);
    const { identity, is_fraud } = again.body as { identity: Record<string, unknown>; is_fraud: boolean };
    assert.equal(is_fraud, false);
    assert.deepEqual(Object.keys(identity), [
      "account_number",
      "name",
      "address",
      "account_category",
      "credit_limit",
      "account_id",
    ]);
  });

  test("Base64, a named bank, and an entity of its own where none is named", async () => {
    const file = Buffer.from(http.fileOf(fullStatement())).toString("base64");
    const form = { file, bank_name: "HDFC" };
    const made = await http.call(`${V1}/statement/upload_base64/`, { form });
    assert.equal(made.status, 200, made.text);
    const { body } = await http.call(`${V1}/entity/${field(made.body, "entity_id")}/`);
    assert.equal((body as { link_id: unknown }).link_id, null);
    assert.equal(
      (await http.call(`${V1}/statement/bankless_upload_base64/`, { form: { file } })).status,
      200,
    );
  });

  test("status 0: the field and its reason", async () => {
    const required = ["This field is required."];
    const bytes = http.fileOf(fullStatement());
    answers(await upload({}, undefined), 400, { file: required, status: 0 });
    answers(await upload({}, bytes, "upload/"), 400, { bank_name: required, status: 0 });
    answers(await upload({ bank_name: "nobank" }, bytes, "upload/"), 400, {
      bank_name: ['"nobank" is not a valid choice.'],
      status: 0,
    });
    const wrong = await http.call(`${V1}/statement/bankless_upload_base64/`, { form: { file: "%%%" } });
    answers(wrong, 400, { file: ["Invalid Base 64 string"], status: 0 });
    const json = await http.call(`${V1}/statement/bankless_upload/`, { json: {} });
    answers(json, 400, {
      file: [
        "This field must be present as a form field. Send request with content type x-www-form-urlencoded or form-data",
      ],
      status: 0,
    });
    answers(await upload({ file_url: "ftp://example.com/a.pdf" }), 400, {
      file_url: ["Enter a valid URL."],
      status: 0,
    });
  });

  test("status 3 to 7, in the words that clients compare", async () => {
    const id = await entityId("refused");
    const refused = async (
      expected: [status: number, message: string],
      fields: Record<string, string>,
      bytes: Uint8Array<ArrayBuffer>,
      path?: string,
    ) => {
      const [status, message] = expected;
      const answer = await upload({ entity_id: id, ...fields }, bytes, path);
      answers(answer, 400, { entity_id: id, message, status });
    };
    await refused([3, "Password incorrect"], {}, http.badFile({ code: "PASSWORD_INCORRECT" }));
    await refused([4, "Not axis statement"], { bank_name: "axis" }, http.fileOf(fullStatement()), "upload/");
    const unknown = http.fileOf({ ...fullStatement(), bank: null });
    const { credentials } = await http.newEnvironment({ unknown_banks: "refuse" });
    const strict = await http.call(`${V1}/statement/bankless_upload/`, {
      multipart: multipart({}, unknown),
      as: credentials,
    });
    assert.equal(strict.status, 400, strict.text);
    assert.equal(field(strict.body, "message"), "Unable to detect bank. Please provide BANK NAME.");
    const image = http.badFile({ code: "PDF_IS_IMAGE" });
    await refused([5, "Unable to detect bank. Please provide BANK NAME."], {}, image);
    await refused([6, "PDF is not parsable"], { bank_name: "axis" }, image, "upload/");
    await refused([6, "PDF is not parsable"], {}, http.badFile({ code: "UNPARSABLE" }));
    await refused(
      [7, "Unsupported Bank Statement Format. It should have balance, date and amount columns."],
      {},
      http.badFile({ code: "STATEMENT_UNSUPPORTED_FORMAT", reason: "security" }),
    );
    answers(await upload({ entity_id: NOBODY }, image), 404, NOT_FOUND);
    // Nothing of them is left.
    const left = await http.database.kysely
      .selectFrom("sessions")
      .select("id")
      .where("public_id", "=", id)
      .executeTakeFirstOrThrow();
    const statements = await http.database.kysely
      .selectFrom("statements")
      .select("id")
      .where("session_id", "=", left.id)
      .execute();
    assert.deepEqual(statements, []);
  });
});

describe("webhook", () => {
  const set = (json: object, as = http.credentials) =>
    http.call(`${V1}/entity/update_webhook/`, { json, as });
  const payloads = async (linkId: string, as = http.credentials) => {
    const answer = await http.call(`${V1}/entity/webhook_payloads/?link_id=${linkId}`, { as });
    assert.equal(answer.status, 200, answer.text);
    return (answer.body as { payloads: Record<string, unknown>[] }).payloads;
  };

  test("mode 0 tells of no upload, mode 1 does, and an update without it resets it", async () => {
    const { credentials: as } = await http.newEnvironment();
    const send = async (linkId: string) =>
      http.call(`${V1}/statement/bankless_upload/`, {
        multipart: multipart({ link_id: linkId }, http.fileOf(fullStatement())),
        as,
      });
    const url = "https://example.com/entity";
    answers(await set({ webhook_url: url }, as), 200, { message: "success" });
    await send("silent");
    assert.deepEqual(await payloads("silent", as), []);
    answers(await set({ webhook_url: url, webhook_mode: 1 }, as), 200, { message: "success" });
    const sent = await send("told");
    assert.deepEqual(await payloads("told", as), [
      {
        entity_id: field(sent.body, "entity_id"),
        statement_id: field(sent.body, "statement_id"),
        link_id: "told",
        progress: "completed",
        reason: "",
        date_time: "2024-04-25 10:00:00",
      },
    ]);
    answers(await set({ webhook_url: url }, as), 200, { message: "success" });
    await send("silent-again");
    assert.deepEqual(await payloads("silent-again", as), []);
    assert.deepEqual(await payloads("nobody", as), []);
  });

  test("a broken statement has failed, with the reason", async () => {
    const { credentials: as } = await http.newEnvironment();
    await set({ webhook_url: "https://example.com/entity", webhook_mode: 1 }, as);
    const broken = {
      ...fullStatement(),
      verification: { status: "broken", breaks: [], totals: [] },
    } as const;
    const bytes = http.fileOf({
      ...broken,
      verification: { ...broken.verification, breaks: [], totals: [] },
    });
    await http.call(`${V1}/statement/bankless_upload/`, {
      multipart: multipart({ link_id: "broken" }, bytes),
      as,
    });
    const [payload] = await payloads("broken", as);
    assert.equal(payload?.["progress"], "failed");
    assert.equal(payload?.["reason"], "Calculated transaction balance does not match");
  });

  test("of a file that is taken in part, what was refused has failed as progress says, what repeats is not told", async () => {
    const { credentials: as } = await http.newEnvironment();
    await set({ webhook_url: "https://example.com/entity", webhook_mode: 1 }, as);
    const taken = fullStatement();
    const empty = { ...fullStatement({ number: "333300001111" }), transactions: [] };
    const sent = await http.call(`${V1}/statement/bankless_upload/`, {
      multipart: multipart({ link_id: "in-part" }, http.fileOf(taken, empty, taken)),
      as,
    });
    const id = field(sent.body, "entity_id");
    const read = await http.call(`${V1}/entity/${id}/transactions/`, { as });
    const { progress } = read.body as { progress: Record<string, unknown>[] };
    assert.deepEqual(
      progress.map(({ status }) => status),
      ["completed", "failed"],
    );
    const told = (await payloads("in-part", as)).map((one) => [
      one["statement_id"],
      one["progress"],
      one["reason"],
    ]);
    assert.deepEqual(
      told.reverse(),
      progress.map(({ statement_id, status, message }) => [statement_id, status, message ?? ""]),
    );
  });

  test("what it does not take changes nothing", async () => {
    const { credentials: as, envId } = await http.newEnvironment();
    const invalid = (field: string, reason: string) => ({ [field]: [reason] });
    answers(await set({}, as), 400, invalid("webhook_url", "This field is required."));
    answers(await set({ webhook_url: "nowhere" }, as), 400, invalid("webhook_url", "Enter a valid URL."));
    const url = "https://example.com/x";
    answers(
      await set({ webhook_url: url, webhook_mode: 2 }, as),
      400,
      invalid("webhook_mode", '"2" is not a valid choice.'),
    );
    answers(await set({ webhook_url: url }, { ...as, serverHash: "f".repeat(32) }), 401, DENIED);
    for (const query of ["?link_id=", "?link_id=a&link_id="])
      answers(
        await http.call(`${V1}/entity/webhook_payloads/${query}`, { as }),
        400,
        invalid("link_id", "This field is required."),
      );
    const answer = await http.call(`${V1}/entity/webhook_payloads/`, { as });
    answers(answer, 400, invalid("link_id", "This field is required."));
    const rows = await http.database.kysely
      .selectFrom("webhook_endpoints")
      .select("id")
      .where("env_id", "=", envId)
      .execute();
    assert.deepEqual(rows, []);
  });
});
