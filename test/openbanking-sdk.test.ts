/** The client of the open-banking contract against the real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BankbellError, createOpenBankingClient } from "../sdk/index.ts";
import { until } from "./main-path-setup.ts";
import { openOpenBanking, type OpenBanking } from "./openbanking-setup.ts";

let open: OpenBanking;
before(async () => {
  open = await openOpenBanking();
});
after(() => open.close());

interface Customer {
  id: string;
  name: string;
  metadata: Record<string, string>;
}

test("customers are made, changed, listed; the feed tells of each once", async () => {
  const { http } = open;
  const client = createOpenBankingClient({ baseUrl: http.url, apiKey: http.credentials.apiKey });
  const made: string[] = [];
  for (let n = 0; n < 25; n++) {
    const fields = { name: `C ${n}`, metadata: { n: String(n) } };
    const one = await client.post<Customer>("/customers", fields, { idempotencyKey: `c-${n}` });
    const again = await client.post<Customer>("/customers", fields, { idempotencyKey: `c-${n}` });
    assert.deepEqual(again, one);
    made.push(one.id);
  }
  const listed: string[] = [];
  for await (const { id } of client.list<Customer>("/customers", { limit: 10 })) listed.push(id);
  assert.deepEqual(listed, made.toReversed());
  const changed = await client.post<Customer>(`/customers/${made[0] ?? ""}`, {
    metadata: { n: null, m: "1" },
  });
  assert.deepEqual(changed.metadata, { m: "1" });
  const told = await until("the feed", async () => {
    const told: string[] = [];
    for await (const event of client.events("start", { type: ["customer.*"], limit: 7 }))
      told.push(event.data.object.id);
    return told.length === made.length ? told : null;
  });
  assert.deepEqual(told, made);
  await assert.rejects(client.get("/customers/cus_nobody"), (error) => {
    assert.ok(error instanceof BankbellError);
    assert.deepEqual([error.status, error.code], [404, "resource_missing"]);
    return true;
  });
  const webhook = await client.post<{ id: string; secret: string }>("/webhooks", {
    url: "https://hooks.example/",
    events: ["consent.authorized"],
  });
  assert.match(webhook.secret, /^whsec_/);
  assert.deepEqual(await client.delete(`/webhooks/${webhook.id}`), {
    id: webhook.id,
    object: "webhook",
    deleted: true,
  });
});
