/** The entity flow's reads (reference §5.3), as a part of `entities.test.ts`: one server serves both. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { statement } from "../statements/catalogue.ts";
import { at, fits, list, record, type Answer } from "./answers.ts";
import * as bodies from "./entity-bodies.ts";
import { CHANNELS, DESCRIPTIONS, MERCHANTS } from "./figures-cases.ts";
import { fileOf } from "./files.ts";
import { MONTHLY_KEYS } from "./insights-bodies.ts";
import { NOBODY, type Keys } from "./setup.ts";
import { world } from "./world.ts";

export function testEntityReads(): void {
  describe("reads (§5.3)", { concurrency: 4 }, () => {
    let id: string;
    let as: Keys;
    let accounts: string[];
    before(async () => {
      as = await world.newCustomer({ show_score: true });
      for (const file of ["hdfc-3-months", "kotak-january"]) {
        const parts = { link_id: "reads", file: await fileOf(file) };
        const { body } = await world.ask("v1/statement/bankless_upload/", { parts, as });
        id = at(body, "entity_id");
      }
      accounts = list((await world.ask(`v1/entity/${id}/accounts/`, { as })).body, "accounts").map((one) =>
        at(one, "account_id"),
      );
    });

    for (const { name, shape } of bodies.READS) {
      test(name, async () => fits(await world.ask(`v1/entity/${id}/${name}/`, { as }), 200, shape));
    }

    test("progress lists both statements, completed, wherever it stands", async () => {
      for (const { name } of bodies.READS.filter((one) => one.name !== "get_pdfs")) {
        const { body } = await world.ask(`v1/entity/${id}/${name}/`, { as });
        assert.deepEqual(
          list(body, "progress").map(({ status }) => status),
          ["completed", "completed"],
          name,
        );
      }
    });

    test("identity begins with the latest updated account", async () => {
      const { body } = await world.ask(`v1/entity/${id}/identity/`, { as });
      const banks = new Map(list(body, "accounts").map(({ account_id, bank }) => [account_id, bank]));
      assert.deepEqual(
        list(body, "identity").map(({ account_id }) => banks.get(account_id)),
        ["kotak", "hdfc"],
      );
    });

    for (const { name } of bodies.READS.filter(({ byAccount }) => byAccount)) {
      test(`${name} of one account; of another's or nobody's there is nothing`, async () => {
        const [all, one, none] = await Promise.all(
          ["", `?account_id=${accounts[0]}`, `?account_id=${NOBODY}`].map((query) =>
            world.ask(`v1/entity/${id}/${name}/${query}`, { as }),
          ),
        );
        assert.ok(all && one && none);
        assert.deepEqual([all.status, one.status, none.status], [200, 200, 200]);
        const payload = ({ body }: Answer): unknown[] => {
          const { transactions, categories } = record(body);
          const items = transactions ?? categories;
          return Array.isArray(items) ? items : Object.values(record(items)).flat();
        };
        assert.deepEqual(payload(none), []);
        if (name === "get_expense_categories") return;
        const own = payload(all).filter((item) => record(item)["account_id"] === accounts[0]);
        assert.deepEqual(payload(one), own);
      });
    }

    test("channels, descriptions and merchant categories are of the enumerations (§8)", async () => {
      const { body } = await world.ask(`v1/entity/${id}/transactions/`, { as });
      for (const row of list(body, "transactions")) {
        assert.ok(CHANNELS.has(at(row, "transaction_channel")), at(row, "transaction_channel"));
        assert.ok(DESCRIPTIONS.has(at(row, "description")), at(row, "description"));
        assert.ok(MERCHANTS.has(at(row, "merchant_category")), at(row, "merchant_category"));
      }
    });

    test("percentages of expense categories add up to 100", async () => {
      const { body } = await world.ask(`v1/entity/${id}/get_expense_categories/`, { as });
      assert.equal(
        list(body, "categories").reduce((sum, { percentage }) => sum + Number(percentage), 0),
        100,
      );
    });

    test("a monthly analysis has the 95 documented keys, account by account", async () => {
      const { body } = await world.ask(`v1/entity/${id}/monthly_analysis_updated/`, { as });
      const byAccount = list(record(body)["monthly_analysis"], "account_id");
      const analyses = byAccount.flatMap((item) => Object.values(item).map(record));
      assert.equal(analyses.length, 2);
      for (const { monthly_analysis } of analyses)
        assert.deepEqual(Object.keys(record(monthly_analysis)).toSorted(), MONTHLY_KEYS.toSorted());
    });

    test("predictors are of the months 0 to 5", async () => {
      const { body } = await world.ask(`v1/entity/${id}/predictors/`, { as });
      for (const { predictors } of list(body, "predictors")) {
        const known = record(predictors);
        for (const n of [0, 1, 2, 3, 4, 5]) assert.ok(`month_${n}` in known, `month_${n}`);
        assert.ok(!("month_6" in known));
      }
    });

    test("the file comes back by its link", async () => {
      const { body } = await world.ask(`v1/entity/${id}/get_pdfs/`, { as });
      const url = new URL(at(list(body, "statements")[0], "pdf_url"));
      const response = await fetch(world.server.url + url.pathname + url.search);
      const { bytes } = await statement("hdfc-3-months");
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
    });

    test("net_banking_health, with the key alone", async () => {
      const headers = { "x-api-key": world.own.apiKey };
      const answer = await world.ask("v1/net_banking_health/", { as: null, headers });
      fits(answer, 200, bodies.NET_BANKING_HEALTH);
      assert.ok(Array.isArray(answer.body));
      const banks = answer.body.map((bank) => at(bank, "bank"));
      assert.deepEqual(banks.toSorted(), bodies.NET_BANKING_BANKS.split(" ").toSorted());
    });
  });
}
