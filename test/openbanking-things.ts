/** One of everything that the open-banking contract has, of the test's own environment. */
import assert from "node:assert/strict";
import { newId } from "../src/platform/ids.ts";
import type { Answer, Http } from "./http-setup.ts";
import { OPENBANKING_ROUTES, type Thing } from "./openbanking-routes.ts";
import { bodyOf, record, type OpenBanking } from "./openbanking-setup.ts";

/** Their public ids. The bank `orion` has to be configured. */
export async function makeThings({
  http,
  ask,
}: Pick<OpenBanking, "http" | "ask">): Promise<Record<Thing, string>> {
  const made = async (route: string, form: Readonly<Record<string, string>>): Promise<string> =>
    String(bodyOf(await ask(route, { form: { ...form } }))["id"]);
  const customer = await made("/customers", { name: "Asha" });
  const formOf = (route: string) => ({ customer, ...OPENBANKING_ROUTES[route]?.form });
  const consent = await made("/consents", formOf("post /consents"));
  const app = firstOf(await ask("/apps"));
  return {
    customer,
    vendor: await made("/vendors", { name: "Vic" }),
    consent,
    consent_link: await made("/consent_links", formOf("post /consent_links")),
    app,
    template: await made(`/apps/${app}/templates`, { name: "Ours" }),
    payment: await made("/payments", formOf("post /payments")),
    batch_payment: await made("/batch_payments", formOf("post /batch_payments")),
    webhook: await made("/webhooks", { url: "https://hooks.example/" }),
    event: firstOf(await ask("/events")),
    file: await newFile(http),
    bank_account: await newAccount(http, consent),
  };
}

function firstOf(answer: Answer): string {
  const { data } = bodyOf(answer);
  assert.ok(Array.isArray(data) && data.length > 0, answer.text);
  return String(record(data[0])["id"]);
}

async function newFile({ database, envId, connect }: Http): Promise<string> {
  const id = newId("file");
  await database.kysely
    .insertInto("app_files")
    .values({
      env_id: envId,
      public_id: id,
      file_name: "logo.png",
      content_type: "image/png",
      bytes: Buffer.from("png"),
      created_at: connect.clock(),
    })
    .execute();
  return id;
}

async function newAccount({ database }: Http, consent: string): Promise<string> {
  const id = newId("ba");
  await database.pool.query(
    `insert into bank_accounts (env_id, public_id, customer_id, consent_id, provider, bank_ref, fingerprint, currency,
       created_at, updated_at)
     select env_id, $1, customer_id, id, 'orion', 'r', 'f', 'gbp', now(), now() from consents where public_id = $2`,
    [id, consent],
  );
  return id;
}
