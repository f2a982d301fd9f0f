/** A console with something to look at: sessions with statements, a bank connected at Orion, payments, failed calls. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BankbellClient } from "../sdk/index.ts";
import { openBankingWorld, until, type BankingWorld } from "./open-banking-world.ts";
import { statement as generated } from "./statements/catalogue.ts";
import { ROOT } from "./start-setup.ts";

export interface Pages {
  world: BankingWorld;
  /** Ids. */
  processed: string;
  broken: string;
  customer: string;
  consent: string;
  account: string;
  payment: string;
  /** Where the first owner is made. */
  firstLink: string;
}

const RANGE = { from_date: "01/01/2024", to_date: "31/03/2024" };

export async function fillPages(): Promise<Pages> {
  const world = await openBankingWorld({ onLog: () => undefined });
  try {
    return await fill(world);
  } catch (error) {
    // The server is no child of the test's process group: nobody else would end it.
    await world.stop();
    throw error;
  }
}

async function fill(world: BankingWorld): Promise<Pages> {
  const { client } = world.server;
  const [processed, broken, bank] = await Promise.all([
    sample().then((file) => session(client, "customer-0042", [{ file, file_name: "statement.pdf" }])),
    generated("hdfc-balance-off-by-one").then(({ bytes, truth }) =>
      session(client, "customer-0043 (contradicts itself)", [
        { file: bytes, file_name: `${truth.name}.pdf` },
      ]),
    ),
    connectedBank(world),
  ]);
  // Refused: it shows up among the requests.
  await assert.rejects(client.createSession({ link_id: "refused", ...RANGE, session_expiry: 1 }));
  const firstLink = await until(() =>
    Promise.resolve(/http\S+\/console\/first-owner#\S+/.exec(world.server.printed())?.[0] ?? null),
  );
  return { world, processed, broken, ...bank, firstLink };
}

const sample = () => readFile(join(ROOT, "examples/statement.pdf"));

/** Uploaded, processed, and ready to be read; answers its id. */
async function session(
  client: BankbellClient,
  linkId: string,
  files: readonly { file: Uint8Array; file_name: string }[],
): Promise<string> {
  const { session_id: id } = await client.createSession({ link_id: linkId, ...RANGE, accept_anything: true });
  for (const one of files) await client.upload({ session_id: id, ...one });
  await client.initiateProcessing(id);
  await until(async () => ((await client.progress(id)).session_progress === "completed" ? id : null));
  return id;
}

async function connectedBank(world: BankingWorld) {
  const customer = await world.newCustomer();
  const made = await world.newConsent(customer);
  await world.walk(made, "anna");
  const accounts = await until(async () => {
    const found = await world.accounts(customer);
    return found.length > 0 ? found : null;
  });
  for (const { id } of accounts) await until(() => synced(world, String(id)));
  const account = String(accounts[0]?.["id"]);
  const payment = await newPayment(world, customer, "12.34");
  return { customer, consent: String(made["id"]), account, payment: String(payment["id"]) };
}

async function synced(world: BankingWorld, account: string): Promise<true | null> {
  const { status, synced_to: to } = await world.ask(`/bank_accounts/${account}/sync`);
  return status === "idle" && to !== null ? true : null;
}

const newPayment = (world: BankingWorld, customer: string, amount: string) =>
  world.ask("/payments", {
    customer,
    amount,
    currency: "gbp",
    reference: "INVOICE 17",
    provider: "orion",
    return_url: "https://shop.example/paid",
    "recipient[name]": "Ann Example",
    "recipient[sort_code]": "040004",
    "recipient[account_number]": "12345678",
  });
