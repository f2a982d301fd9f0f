/** What a tester orders of the sandbox bank's payments, the money that moves, and what the payer sees. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startOrion, type Orion } from "../orion/server.ts";
import {
  authUrl,
  call,
  connect,
  newBrowser,
  newClient,
  ownToken,
  pay,
  payable,
  paymentBody,
  type TestClient,
} from "./orion-client.ts";

let orion: Orion;
let client: TestClient;
let url: string;

before(async () => {
  orion = await startOrion({
    port: 0,
    host: "127.0.0.1",
    seed: "payment-faults",
    settings: { timeoutMs: 20 },
  });
  ({ url } = orion);
  client = await newClient();
  orion.register(client.registration);
});
after(() => orion.stop());

const CONSENTS = "/domestic-payment-consents";

test("trouble of the network: refused before, cut after; the same key makes one payment of it", async () => {
  const codes = async (amount: string, tries: number) => {
    const { send, consentId } = await payable(url, client, amount);
    const answers = [];
    for (let n = 0; n < tries; n++) answers.push(await send(`net-${amount}`).catch(() => null));
    return { answers, codes: answers.map((answer) => answer?.status ?? "cut"), consentId };
  };
  assert.deepEqual((await codes("4.05", 4)).codes, [503, 503, 201, 201]);
  assert.deepEqual((await codes("4.06", 3)).codes, [500, 500, 500]);
  const limited = await codes("4.07", 2);
  assert.deepEqual(limited.codes, [429, 201]);
  assert.equal(limited.answers[0]?.headers.get("retry-after"), "1");
  const cut = await codes("4.04", 3);
  assert.deepEqual(cut.codes, ["cut", 201, 201]);
  assert.equal(cut.answers[1]?.body.Data.DomesticPaymentId, cut.answers[2]?.body.Data.DomesticPaymentId);
});

test("faults that a tester orders: before, after, slowly", async () => {
  const order = (fault: unknown) =>
    call(`${url}/_sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fault),
    });
  const { send, get, consentId } = await payable(url, client, "6.60");
  await order({ method: "POST", path: "/domestic-payments", status: 429, retry_after: 7 });
  const refused = await send("order");
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "7"]);
  await order({ method: "POST", path: "/domestic-payments", cut: "before" });
  await assert.rejects(send("order"));
  assert.equal((await get(`${CONSENTS}/${consentId}`)).body.Data.Status, "Authorised");
  await order({ method: "POST", path: "/domestic-payments", cut: "after" });
  await assert.rejects(send("order"));
  assert.equal((await get(`${CONSENTS}/${consentId}`)).body.Data.Status, "Consumed");
  assert.equal((await send("order")).status, 201);
  assert.equal((await order({ path: "/token", status: 200 })).status, 400);
});

test("money moves: pending, then booked, and to another customer of the bank", async (t) => {
  const bank = await startOrion({ port: 0, host: "127.0.0.1", seed: "money" });
  t.after(() => bank.stop());
  bank.register(client.registration);
  const accountOf = async (username: string) => {
    const { aisp } = await connect(bank.url, client, username);
    const [account] = (await aisp("/accounts")).body.Data.Account;
    const balances = async () =>
      (await aisp(`/accounts/${account.AccountId}/balances`)).body.Data.Balance.map(
        ({ Amount }: { Amount: { Amount: string } }) => Math.round(Number(Amount.Amount) * 100),
      );
    const last = async () => (await aisp(`/accounts/${account.AccountId}/transactions`)).body.Links.Last;
    /** Pending rows stand behind the booked ones. */
    const newest = async (status: string) =>
      (await aisp(await last())).body.Data.Transaction.findLast(
        ({ Status }: { Status: string }) => Status === status,
      );
    return { number: account.Account[0].Identification, balances, newest };
  };
  const anna = await accountOf("anna");
  const cleo = await accountOf("cleo");
  const [annaBooked, annaAvailable] = await anna.balances();
  const [cleoBooked, cleoAvailable] = await cleo.balances();
  const asked = paymentBody("10.00", {
    CreditorAccount: {
      SchemeName: "UK.OBIE.SortCodeAccountNumber",
      Identification: cleo.number,
      Name: "Marlow Joinery",
    },
  });
  const { send } = await payable(bank.url, client, asked);
  const paid = await send("move");
  assert.deepEqual(await anna.balances(), [annaBooked, annaAvailable - 1000]);
  const pending = await anna.newest("Pending");
  assert.deepEqual(
    [pending.Status, pending.CreditDebitIndicator, pending.TransactionInformation],
    ["Pending", "Debit", "Marlow Joinery INV-1"],
  );
  bank.advance({ seconds: 2 });
  assert.deepEqual(await anna.balances(), [annaBooked - 1000, annaAvailable - 1000]);
  assert.deepEqual(await cleo.balances(), [cleoBooked + 1000, cleoAvailable + 1000]);
  assert.equal((await anna.newest("Booked")).TransactionId, `${paid.body.Data.DomesticPaymentId}-debit`);
  assert.equal((await cleo.newest("Booked")).TransactionInformation, "Anna Hollis INV-1");
});

test("the customer sees whom and how much, escaped, and a refusal ends the consent", async () => {
  const asked = paymentBody("5.00", {
    CreditorAccount: {
      SchemeName: "UK.OBIE.SortCodeAccountNumber",
      Identification: "00009912345678",
      Name: "<b>Tide & Co</b>",
    },
  });
  const bearer = await ownToken(url, client, "payments");
  const { body } = await pay(url, client, bearer, CONSENTS, asked);
  const begun = await authUrl(url, client, body.Data.ConsentId);
  const browser = newBrowser(url);
  await browser.go(begun.location);
  const page = await browser.step("login", { username: "anna", password: "bluebell" });
  assert.match(String(page.body), /£5\.00/);
  assert.match(String(page.body), /&#60;b&#62;Tide &#38; Co/);
  assert.doesNotMatch(String(page.body), /<b>Tide/);
  const back = new URL((await browser.step("cancel", {})).headers.get("location") ?? "");
  assert.equal(back.searchParams.get("error"), "access_denied");
  const read = await call(`${url}/open-banking/v3.1/pisp${CONSENTS}/${body.Data.ConsentId}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  assert.equal(read.body.Data.Status, "Rejected");
});
