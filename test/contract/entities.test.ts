/** The entity flow (reference §5) with real statements: entities, uploads by number and word, reads, the webhook's two modes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answers, at, list, record, type Answer, fits } from "./answers.ts";
import * as bodies from "./entity-bodies.ts";
import { testEntityReads } from "./entity-reads.ts";
import { ENTITY_UPLOADS, type EntityUploadCase } from "./entity-upload-cases.ts";
import { base64Of, fileOf } from "./files.ts";
import { type Hook } from "./receiver.ts";
import { NOBODY, type Keys } from "./setup.ts";
import { misfits } from "./shape.ts";
import { webhookFaults } from "./webhook-cases.ts";
import { world } from "./world.ts";

const NOT_FOUND = { detail: "Not found." };
const create = (form: Record<string, string>, as?: Keys) =>
  world.ask("v1/entity/", { method: "POST", form, ...(as && { as }) });
const entityOf = async (link_id: string) => at((await create({ link_id })).body, "entity_id");
const read = (id: string, name: string) => world.ask(`v1/entity/${id}/${name}`);

/** A bankless upload of a file part. */
async function upload(
  file: string,
  fields: Record<string, string>,
  more: { query?: string; as?: Keys } = {},
) {
  const parts = { ...fields, file: await fileOf(file) };
  return world.ask(`v1/statement/bankless_upload/${more.query ?? ""}`, {
    parts,
    ...(more.as && { as: more.as }),
  });
}

describe("entities (§5.1)", () => {
  test("creation answers 201, in a form and in multipart", async () => {
    fits(await create({ link_id: "one" }), 201, bodies.ENTITY);
    const answer = await world.ask("v1/entity/", { parts: { link_id: "one" } });
    fits(answer, 201, bodies.ENTITY);
    assert.equal(at(answer.body, "link_id"), "one");
  });

  test("one link_id is one entity; without one each is another; another customer's is another", async () => {
    const id = await entityOf("same");
    assert.equal(await entityOf("same"), id);
    const ids = [id, at((await create({})).body, "entity_id"), at((await create({})).body, "entity_id")];
    ids.push(at((await create({ link_id: "same" }, world.other)).body, "entity_id"));
    ids.push(at((await create({ link_id: "same" }, world.live)).body, "entity_id"));
    assert.equal(new Set(ids).size, ids.length);
  });

  test("fifty creations at once of one link_id make one", async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create({ link_id: "crowd" })));
    assert.deepEqual(new Set(made.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(made.map(({ body }) => at(body, "entity_id"))).size, 1);
  });

  test("link_id up to 500 characters (§9-24)", async () => {
    assert.equal((await create({ link_id: "x".repeat(500) })).status, 201);
    answers(await create({ link_id: "x".repeat(501) }), 400, {
      link_id: ["Ensure this field has no more than 500 characters."],
    });
  });

  test("detail: what was made", async () => {
    const made = await create({ link_id: "detail" });
    answers(await world.ask(`v1/entity/${at(made.body, "entity_id")}/`), 200, made.body);
  });

  test("pages of ten, by link_id too", async () => {
    const as = await world.newCustomer();
    for (let n = 0; n < 12; n++) await create({ link_id: `page-${n}` }, as);
    const page = async (query: string) => {
      const answer = await world.ask(`v1/entity/${query}`, { as });
      fits(answer, 200, bodies.ENTITIES);
      const { count, next, previous } = record(answer.body);
      return { count, next, previous, results: list(answer.body, "results") };
    };
    const first = await page("?page=1");
    assert.deepEqual([first.count, first.results.length, first.previous], [12, 10, null]);
    const { pathname, search } = new URL(String(first.next));
    const second = await page(search);
    assert.equal(pathname, "/bank-connect/v1/entity/");
    assert.deepEqual([second.count, second.results.length, second.next], [12, 2, null]);
    assert.equal(new Set([...first.results, ...second.results].map(({ entity_id }) => entity_id)).size, 12);
    assert.equal((await page("?page=1&link_id=")).count, 12, "a blank link_id asks for all");
    const one = await page("?link_id=page-7");
    assert.deepEqual([one.count, one.results.map(({ link_id }) => link_id)], [1, ["page-7"]]);
    answers(await world.ask("v1/entity/?page=3", { as }), 404, NOT_FOUND);
  });

  for (const id of [NOBODY, "not-a-uuid", NOBODY.replace("4000", "1000")]) {
    test(`${id} is not found, whatever is read of it`, async () => {
      for (const name of ["", ...bodies.READS.map(({ name }) => `${name}/`)])
        answers(await read(id, name), 404, NOT_FOUND);
    });
  }
});

describe("uploads (§5.2)", { concurrency: 4 }, () => {
  async function send(
    { path, file, fetched, fields }: EntityUploadCase,
    link_id: string,
    query = "",
  ): Promise<Answer> {
    const url = fetched === undefined ? {} : { file_url: world.fileUrl(fetched) };
    const all = { link_id, ...fields, ...url };
    if (path.endsWith("base64")) {
      const text = file === undefined ? {} : { file: await base64Of(file) };
      return world.ask(`v1/statement/${path}/${query}`, { form: { ...all, ...text } });
    }
    const part = file === undefined ? {} : { file: await fileOf(file) };
    return world.ask(`v1/statement/${path}/${query}`, { parts: { ...all, ...part } });
  }

  for (const entry of ENTITY_UPLOADS) {
    const { what, path, refused } = entry;
    test(`${path}, status ${refused?.status ?? 1}: ${what}`, async () => {
      const link = `${path}: ${what}`;
      const answer = await send(entry, link);
      if (!refused) {
        fits(answer, 200, bodies.UPLOADED);
        assert.equal(record(answer.body)["status"], 1);
        assert.equal(at(answer.body, "entity_id"), await entityOf(link));
      } else if (refused.status === 0) {
        const { field, reason } = refused;
        const [said] = Object.values(record(answer.body));
        if (reason instanceof RegExp) assert.match(String(said), reason);
        answers(answer, 400, { [field]: reason instanceof RegExp ? said : [reason], status: 0 });
        assert.ok(Array.isArray(said) && said.length === 1);
      } else {
        const { status, message } = refused;
        answers(answer, 400, { entity_id: await entityOf(link), message, status });
      }
    });
  }

  test("with identity=true", async () => {
    const answer = await upload("kotak-january", { link_id: "identity" }, { query: "?identity=true" });
    fits(answer, 200, bodies.UPLOADED_WITH_IDENTITY);
    const { is_fraud, fraud_type } = record(answer.body);
    assert.deepEqual([is_fraud, fraud_type], [false, null]);
  });

  test("entity_id wins over link_id; neither makes an entity without one (§9-15)", async () => {
    const id = await entityOf("wins");
    const won = await upload("kotak-january", { entity_id: id, link_id: "loses" });
    assert.equal(at(won.body, "entity_id"), id);
    const made = at((await upload("kotak-january", {})).body, "entity_id");
    answers(await world.ask(`v1/entity/${made}/`), 200, { entity_id: made, link_id: null, meta_data: null });
  });

  for (const type of ["application/json", "text/plain"]) {
    test(`${type} is no form`, async () => {
      for (const path of ["upload", "bankless_upload", "upload_base64", "bankless_upload_base64"]) {
        const reason =
          "This field must be present as a form field. Send request with content type x-www-form-urlencoded or form-data";
        const answer = await world.ask(`v1/statement/${path}/`, {
          raw: "{}",
          headers: { "content-type": type },
        });
        answers(answer, 400, { file: [reason], status: 0 });
      }
    });
  }

  test("an entity that is not there comes before the fields (§9-25), and nothing is made", async () => {
    for (const entity_id of [NOBODY, "malformed"]) {
      for (const path of ["upload", "bankless_upload"])
        answers(await world.ask(`v1/statement/${path}/`, { form: { entity_id } }), 404, NOT_FOUND);
    }
    await world.ask("v1/statement/upload/", { form: { link_id: "never made" } });
    answers(await world.ask("v1/entity/?link_id=never+made"), 200, {
      count: 0,
      next: null,
      previous: null,
      results: [],
    });
  });
});

describe("the webhook (§5.5, rulings 11 and 12)", () => {
  const update = (json: object) => world.ask("v1/entity/update_webhook/", { json });
  const payloads = (link: string) => world.ask(`v1/entity/webhook_payloads/?link_id=${link}`);
  const listed = async (link: string) => list((await payloads(link)).body, "payloads");
  const asSent = (row: object) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => key !== "date_time"));
  const mode = async (webhook_mode?: number) => {
    const answer = await update({
      webhook_url: world.hookUrl,
      ...(webhook_mode !== undefined && { webhook_mode }),
    });
    assert.equal(answer.status, 200, answer.text);
  };

  test("update answers, with a mode and without", async () => {
    for (const webhook_mode of [1, 0, undefined])
      answers(await update({ webhook_url: world.hookUrl, webhook_mode }), 200, { message: "success" });
  });

  for (const { what, send, field, reason } of webhookFaults(1)) {
    test(`${what}: 400 in the flow's shape, and nothing changes`, async () => {
      await mode(1);
      answers(await update(send), 400, { [field]: [reason] });
      const link = `fault-${what.replaceAll(" ", "-")}`;
      await upload("kotak-january", { link_id: link });
      assert.equal((await listed(link)).length, 1, "the mode is 1 still");
      // To this receiver still.
      await world.hook(link, ({ link_id }) => link_id === link);
    });
  }

  test("mode 0, also by leaving it out: uploads are not due", async () => {
    for (const [link, webhook_mode] of [
      ["zero", 0],
      ["left-out", undefined],
    ] as const) {
      await mode(1);
      await mode(webhook_mode);
      await upload("kotak-january", { link_id: link });
      answers(await payloads(link), 200, { payloads: [] });
    }
  });

  test("mode 1: each upload is told, newest first, as sent and when due; reads say completed on arrival", async () => {
    await mode(1);
    const onArrival: unknown[] = [];
    const look = async ({ body }: Hook) => {
      const { body: said } = await read(at(body, "entity_id"), "transactions/");
      const item = list(said, "progress").find(({ statement_id }) => statement_id === body["statement_id"]);
      onArrival.push(item?.["status"]);
    };
    const hooks = await world.during(look, async () => {
      const ids: string[] = [];
      for (const file of ["kotak-january", "kotak-february"])
        ids.push(at((await upload(file, { link_id: "told" })).body, "statement_id"));
      return Promise.all(ids.map((id) => world.hook(id, ({ statement_id }) => statement_id === id)));
    });
    for (const { body, contentType } of hooks) {
      assert.deepEqual(misfits(body, bodies.PAYLOAD), []);
      assert.deepEqual([body["progress"], body["reason"], body["link_id"]], ["completed", "", "told"]);
      assert.match(contentType, /^application\/json/);
    }
    assert.deepEqual(onArrival, ["completed", "completed"]);
    const rows = await listed("told");
    assert.deepEqual(rows.map(asSent), hooks.map(({ body }) => body).toReversed());
    for (const { date_time } of rows) assert.deepEqual(misfits(date_time, "TS"), []);
  });

  test("link_id is null where the upload had none", async () => {
    await mode(1);
    const { body } = await upload("kotak-january", {});
    const hook = await world.hook("one without", ({ entity_id }) => entity_id === at(body, "entity_id"));
    assert.equal(hook.body["link_id"], null);
  });

  test("a statement that does not add up has failed, with the reason of §4", async () => {
    await mode(1);
    await upload("hdfc-balance-off-by-one", { link_id: "off" });
    const hook = await world.hook("a failure", ({ link_id }) => link_id === "off");
    assert.deepEqual(misfits(hook.body, bodies.PAYLOAD), []);
    assert.deepEqual(
      [hook.body["progress"], hook.body["reason"]],
      ["failed", "Calculated transaction balance does not match"],
    );
  });

  test("webhook_payloads of an unknown link_id: none; of another customer's: none", async () => {
    await mode(1);
    await upload("kotak-january", { link_id: "mine" });
    assert.equal((await listed("mine")).length, 1);
    answers(await payloads("nobody"), 200, { payloads: [] });
    for (const as of [world.other, world.live])
      answers(await world.ask("v1/entity/webhook_payloads/?link_id=mine", { as }), 200, { payloads: [] });
  });
});

describe("the entity flow's reads", testEntityReads);
