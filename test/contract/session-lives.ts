/**
 * A session's life, and what its webhook tells of it (reference §2, §3; rulings 1 to 4, 8 to 10, 12 to 15).
 * Polling and webhook agree: every read here that says `onArrival` was made inside the receiver, before it answered.
 * The same of the entity flow is in `entities.test.ts`.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { statement } from "../statements/catalogue.ts";
import { answers, at, envelope, list, record } from "./answers.ts";
import { COMPLETION, ENRICHMENT, EXPIRY } from "./bodies.ts";
import { type Hook } from "./receiver.ts";
import { type Keys } from "./setup.ts";
import { misfits } from "./shape.ts";
import { webhookFaults } from "./webhook-cases.ts";
import { world } from "./world.ts";

const QUARTER = { from_date: "01/01/2024", to_date: "31/03/2024" };
const JANUARY = { from_date: "01/01/2024", to_date: "31/01/2024" };
const TOLD = {
  completion: "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION",
  expiry: "SESSION_EXPIRY_NOTIFICATION",
  enrichment: "ENRICHMENT_NOTIFICATION",
};
const STATEMENT = { file: "kotak-january", bank: "kotak" };

const read = async (id: string, name: string, as?: Keys) => {
  const { status, body, text } = await world.ask(`v1/session_data/${id}/${name}/`, as && { as });
  assert.equal(status, 200, text);
  return body;
};
const uploadStatus = async (id: string) => at(await read(id, "session_upload_status"), "upload_status");
const hook = (id: string, event: keyof typeof TOLD) =>
  world.hook(`${event} of ${id}`, (body) => body["session_id"] === id && body["event_name"] === TOLD[event]);
const told = (id: string) =>
  world.hooks.filter(({ body }) => body["session_id"] === id).map(({ body }) => body["event_name"]);
const fits = ({ body, contentType }: Hook, shape: Parameters<typeof misfits>[1]) => {
  assert.deepEqual(misfits(body, shape), []);
  assert.match(contentType, /^application\/json/);
};

export function testSessionLives(): void {
  before(async () => {
    const json = { webhook_url: world.hookUrl, webhook_mode: 1 };
    answers(await world.ask("v1/session_data/update_webhook/", { json }), 200, { message: "success" });
  });

  describe("what ends the uploads, once (ruling 9)", () => {
    test("criteria met by an upload: completion then, reopened until processing, enrichment last", async () => {
      const id = await world.newSession(QUARTER);
      assert.equal(await uploadStatus(id), "NO_UPLOAD");
      await world.upload(id, "kotak-january");
      const [partial] = list(await read(id, "session_upload_status"), "accounts");
      assert.deepEqual(
        [partial?.["account_status"], partial?.["months"], partial?.["missing_data"]],
        ["PARTIAL", ["2024-01"], [{ from_date: "2024-02-01", to_date: "2024-03-31" }]],
      );
      await world.upload(id, "kotak-february");
      assert.equal(await uploadStatus(id), "IN_PROGRESS");
      await world.upload(id, "kotak-march");
      assert.equal(await uploadStatus(id), "COMPLETED");
      fits(await hook(id, "completion"), COMPLETION);
      // Open still: another account may follow, whose gaps do not take the completion back.
      await world.upload(id, "icici-serial");
      assert.equal(await uploadStatus(id), "COMPLETED");
      await world.process(id);
      fits(await hook(id, "enrichment"), ENRICHMENT);
      // Events of a session come in order: after the last of them no earlier one is on its way.
      assert.deepEqual(told(id), [TOLD.completion, TOLD.enrichment]);
    });

    test("initiate_processing with criteria unmet: completion with a PARTIAL account, then enrichment", async () => {
      const id = await world.newSession(QUARTER);
      await world.upload(id, "kotak-january");
      await world.process(id);
      await hook(id, "enrichment");
      assert.deepEqual(told(id), [TOLD.completion, TOLD.enrichment]);
      const [account] = list((await hook(id, "completion")).body, "accounts");
      assert.equal(account?.["account_status"], "PARTIAL");
      assert.equal(await uploadStatus(id), "COMPLETED");
    });

    test("expiry first: told in place of completion; what was uploaded can be processed", async () => {
      const id = await world.newSession(QUARTER);
      await world.upload(id, "kotak-january");
      await world.expire(id);
      assert.equal(await uploadStatus(id), "EXPIRED");
      const first = await hook(id, "expiry");
      fits(first, EXPIRY);
      await world.process(id);
      await hook(id, "enrichment");
      assert.deepEqual(told(id), [TOLD.expiry, TOLD.enrichment]);
      assert.equal(await uploadStatus(id), "COMPLETED");
    });

    test("expiry of a session without uploads: no accounts, and nothing to process", async () => {
      const id = await world.newSession(QUARTER);
      await world.expire(id);
      assert.equal(await uploadStatus(id), "EXPIRED");
      const { body } = await hook(id, "expiry");
      assert.deepEqual(list(body, "accounts"), []);
      answers(
        await world.ask(`v1/session_data/${id}/initiate_processing/`, { method: "POST" }),
        400,
        envelope("UNPARSABLE_STATEMENTS", "The uploaded statements are not parsable"),
      );
    });

    test("a completed session takes uploads until its time is over, then none", async () => {
      const id = await world.newSession(JANUARY);
      await world.upload(id, STATEMENT.file);
      await world.expire(id);
      assert.equal(await uploadStatus(id), "COMPLETED");
      const { bytes } = await statement("icici-two-accounts");
      const parts = { session_id: id, upload_type: "PDF", file: bytes };
      answers(await world.ask("v1/statement/upload_session/", { parts }), 400, {
        session_id: id,
        statement_id: "",
        ...envelope("SESSION_EXPIRED", "This session has expired"),
      });
    });

    test("the first week of a month is not considered (§2.1)", async () => {
      const id = await world.newSession({ from_date: "01/01/2024", to_date: "07/02/2024" });
      await world.upload(id, STATEMENT.file);
      assert.equal(await uploadStatus(id), "COMPLETED");
      const next = await world.newSession({ from_date: "01/01/2024", to_date: "08/02/2024" });
      await world.upload(next, STATEMENT.file);
      assert.equal(await uploadStatus(next), "IN_PROGRESS");
    });
  });

  describe("two sessions of one link_id", () => {
    test("their data are never merged", async () => {
      const wish = { link_id: "twice", ...QUARTER };
      const [one, two] = [await world.newSession(wish), await world.newSession(wish)];
      assert.notEqual(one, two);
      await world.upload(one, "kotak-january");
      await world.upload(two, "kotak-february");
      await Promise.all([world.process(one), world.process(two)]);
      const accounts = new Set<unknown>();
      for (const [id, month] of [
        [one, "2024-01"],
        [two, "2024-02"],
      ] as const) {
        const transactions = list(await read(id, "transactions"), "transactions");
        assert.deepEqual(new Set(transactions.map(({ date }) => String(date).slice(0, 7))), new Set([month]));
        const status = list(await read(id, "session_status"), "accounts");
        assert.equal(status.length, 1);
        accounts.add(status[0]?.["account_id"]);
      }
      assert.equal(accounts.size, 2, "one account number, two accounts");
    });
  });

  describe("what a webhook says is what can be read at that moment", () => {
    test("progress reads completed, and the results are there, inside the receiver", async () => {
      const onArrival = new Map<string, { progress: unknown; uploads: unknown; result: number }>();
      const look = async ({ body }: Hook) => {
        const id = at(body, "session_id");
        if (body["event_name"] !== TOLD.enrichment) return;
        const progress = await world.ask(`v1/session_data/${id}/progress/`);
        const result = await world.ask(`v1/session_data/${id}/session_status/`);
        const steps = list(progress.body, "progress").map((item) => item["processing_status"]);
        onArrival.set(id, {
          progress: [at(progress.body, "session_progress"), ...steps],
          uploads: await uploadStatus(id),
          result: result.status,
        });
      };
      const ids = await Promise.all(Array.from({ length: 8 }, () => world.newSession(JANUARY)));
      await world.during(look, async () => {
        await Promise.all(
          ids.map(async (id) => {
            await world.upload(id, STATEMENT.file);
            await world.initiate(id);
            await hook(id, "enrichment");
          }),
        );
      });
      for (const id of ids) {
        const wanted = { progress: ["completed", "completed"], uploads: "COMPLETED", result: 200 };
        assert.deepEqual(onArrival.get(id), wanted);
      }
    });

    test("upload status reads COMPLETED when the completion arrives, EXPIRED when the expiry does", async () => {
      const onArrival: unknown[] = [];
      const look = async ({ body }: Hook) => {
        onArrival.push([body["event_name"], await uploadStatus(at(body, "session_id"))]);
      };
      await world.during(look, async () => {
        const completed = await world.newSession(JANUARY);
        await world.upload(completed, STATEMENT.file);
        await hook(completed, "completion");
        const expired = await world.newSession(JANUARY);
        await world.expire(expired);
        await uploadStatus(expired);
        await hook(expired, "expiry");
      });
      assert.deepEqual(onArrival, [
        [TOLD.completion, "COMPLETED"],
        [TOLD.expiry, "EXPIRED"],
      ]);
    });
  });

  describe("what the bodies say (rulings 1 to 4, 15)", () => {
    let id: string;
    let number: string;
    before(async () => {
      id = await world.newSession(JANUARY);
      number = (await statement(STATEMENT.file)).truth.statements[0]?.account_number ?? "";
      await world.upload(id, STATEMENT.file);
      await world.process(id);
      await hook(id, "enrichment");
    });
    const only = (body: unknown, key: string) => {
      const [first, ...more] = list(body, key);
      assert.ok(first && more.length === 0, key);
      return first;
    };

    test("1: enrichment sends null on success", async () => {
      const account = only((await hook(id, "enrichment")).body, "accounts");
      assert.deepEqual([account["error_code"], account["error_message"]], [null, null]);
    });

    test("2: upload status sends blank errors, the completion null", async () => {
      const polled = only(only(await read(id, "session_upload_status"), "accounts"), "statements");
      const sent = only(only((await hook(id, "completion")).body, "accounts"), "statements");
      assert.deepEqual([polled["error_code"], polled["error_message"]], ["", ""]);
      assert.deepEqual([sent["error_code"], sent["error_message"]], [null, null]);
    });

    const masked = (text: string) => "X".repeat(text.length - 4) + text.slice(-4);
    test("3: the completion carries the full number, the status bodies the masked one, as long", async () => {
      assert.equal(only((await hook(id, "completion")).body, "accounts")["account_number"], number);
      for (const name of ["session_upload_status", "session_status"])
        assert.equal(only(await read(id, name), "accounts")["account_number"], masked(number), name);
    });

    test("3: mask_account_numbers masks everywhere", async () => {
      const as = await world.newCustomer({ mask_account_numbers: true });
      await world.ask("v1/session_data/update_webhook/", { json: { webhook_url: world.hookUrl }, as });
      const own = await world.newSession(JANUARY, as);
      const { bytes } = await statement(STATEMENT.file);
      const parts = { session_id: own, upload_type: "PDF", file: bytes };
      const answer = await world.ask("v1/statement/upload_session/?identity=true", { parts, as });
      await world.process(own, as);
      const { raw } = await hook(own, "completion");
      const names = ["session_upload_status", "session_status", "identity", "insights", "webhook_payloads"];
      const bodies = await Promise.all(names.map(async (name) => JSON.stringify(await read(own, name, as))));
      for (const text of [answer.text, raw, ...bodies]) {
        assert.ok(text.includes(masked(number)), text.slice(0, 300));
        assert.ok(!text.includes(number), text.slice(0, 300));
      }
    });

    test("4: a statement's created_at is one instant in two formats", async () => {
      const polled = at(
        only(only(await read(id, "session_upload_status"), "accounts"), "statements"),
        "created_at",
      );
      const sent = at(
        only(only((await hook(id, "completion")).body, "accounts"), "statements"),
        "created_at",
      );
      assert.deepEqual([...misfits(polled, "ISO"), ...misfits(sent, "TS+off")], []);
      assert.ok(Temporal.Instant.from(polled).equals(Temporal.Instant.from(sent.replace(" ", "T"))));
    });

    test("15: months in a message, after an account has failed", async () => {
      const own = await world.newSession({ from_date: "01/11/2023", to_date: "31/01/2024" });
      await world.upload(own, STATEMENT.file);
      await world.process(own);
      const account = only((await hook(own, "enrichment")).body, "accounts");
      assert.deepEqual(
        [account["account_status"], account["error_code"], account["error_message"]],
        [
          "failed",
          "INCOMPLETE_MONTHS_UPLOAD",
          "Statement(s) uploaded contain incomplete months. Missing data present for Nov 2023, Dec 2023",
        ],
      );
    });
  });

  describe("the webhook's setting and its list (rulings 10, 12)", () => {
    const payloads = async (id: string, as?: Keys) =>
      list(await read(id, "webhook_payloads", as), "payloads");

    test("10: bodies as sent and when due, newest first", async () => {
      const id = await world.newSession(JANUARY);
      assert.deepEqual(await payloads(id), []);
      await world.upload(id, STATEMENT.file);
      await world.process(id);
      const sent = [await hook(id, "enrichment"), await hook(id, "completion")];
      const rows = await payloads(id);
      assert.equal(rows.length, 2);
      for (const [index, row] of rows.entries()) {
        const { date_time, ...body } = row;
        assert.deepEqual(misfits(date_time, "TS"), []);
        assert.deepEqual(body, sent[index]?.body);
      }
    });

    test("10: also what was due while no URL was set", async () => {
      const id = await world.newSession(JANUARY, world.live);
      await world.upload(id, STATEMENT.file, world.live);
      await world.process(id, world.live);
      const rows = await payloads(id, world.live);
      assert.deepEqual(
        rows.map(({ event_name }) => event_name),
        [TOLD.enrichment, TOLD.completion],
      );
      assert.deepEqual(told(id), []);
    });

    const update = (json: object, as?: Keys) =>
      world.ask("v1/session_data/update_webhook/", { json, ...(as && { as }) });
    for (const { what, send, field, reason } of webhookFaults(3)) {
      test(`12: ${what}: 400, and the receiver stays`, async () => {
        answers(await update(send), 400, envelope("INVALID_REQUEST", `${field}, ${reason}`));
        const id = await world.newSession(JANUARY);
        await world.upload(id, STATEMENT.file);
        await hook(id, "completion");
      });
    }

    test("12: modes 0 to 3 are taken, and session events sent in each", async () => {
      const as = await world.newCustomer();
      for (const webhook_mode of [0, 1, 2, 3, undefined]) {
        answers(await update({ webhook_url: world.hookUrl, webhook_mode }, as), 200, { message: "success" });
        const id = await world.newSession(JANUARY, as);
        await world.upload(id, STATEMENT.file, as);
        await hook(id, "completion");
      }
    });

    test("12: the entity webhook is another setting", async () => {
      const as = await world.newCustomer();
      const json = { webhook_url: world.hookUrl, webhook_mode: 1 };
      answers(await world.ask("v1/entity/update_webhook/", { json, as }), 200, { message: "success" });
      const id = await world.newSession(JANUARY, as);
      await world.upload(id, STATEMENT.file, as);
      await world.process(id, as);
      assert.equal((await payloads(id, as)).length, 2);
      // A later event of the other setting has arrived; of this session nothing has.
      const { bytes } = await statement(STATEMENT.file);
      const parts = { link_id: "after", file: bytes };
      const { body } = await world.ask("v1/statement/bankless_upload/", { parts, as });
      await world.hook("the entity's", ({ entity_id }) => entity_id === at(body, "entity_id"));
      assert.deepEqual(told(id), []);
    });

    test("8: 202 is a success: nothing is sent twice", async () => {
      const ids = new Set(world.hooks.map(({ raw }) => raw));
      assert.equal(ids.size, world.hooks.length);
    });

    test("13: polling faster than every 2 seconds is not refused", async () => {
      const id = await world.newSession(JANUARY);
      for (let time = 0; time < 60; time++) {
        const answer = record(await read(id, "session_upload_status"));
        assert.equal(answer["upload_status"], "NO_UPLOAD");
      }
    });
  });
}
