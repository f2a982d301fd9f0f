/** Nothing that opens a bank or a page is in a log line: tokens, authorization codes, state, cookies, codes of pages, names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../src/platform/telemetry.ts";
import { callbackUrl, openConsents, pageOf } from "./openbanking-consents-setup.ts";
import { bodyOf, record } from "./openbanking-setup.ts";

test("a consent's whole way leaves no secret in the log, at debug, faults included", async () => {
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => void lines.push(line) });
  const bench = await openConsents({ log, connect: { log } });
  const secrets = new Map<string, string>();
  try {
    const customer = await bench.customer({ name: "Zebulon Quillfeather", email: "zebulon@example.com" });
    const link = bodyOf(await bench.ask("/consent_links", { form: { customer } }));
    const linkPath = new URL(String(record(link["redirect"])["consent_url"])).pathname;
    const made = await bench.consent({ customer, return_url: "https://app.example/back?ticket=tk-4711" });
    const [app] = bodyOf(await bench.ask("/apps"))["data"] as { id: string }[];
    const rotated = bodyOf(await bench.ask(`/apps/${app?.id}/redirect_secret`, { method: "POST" }));
    secrets.set("the redirect secret", String(rotated["redirect_secret"]));
    secrets.set("the link's code", linkPath.slice("/l/".length));
    secrets.set("the page's code", pageOf(made).slice("/c/".length));

    const browser = bench.browser();
    await browser.get(linkPath);
    await browser.get(pageOf(made));
    const going = await browser.post(pageOf(made), { provider: "orion" });
    const callback = bench.bank.visit(new URL(going.next ?? ""));
    secrets.set("the state", callback["state"] ?? "");
    secrets.set("the authorization code", callback["code"] ?? "");
    secrets.set("the cookie", browser.cookie.split("=")[1] ?? "");
    bench.bank.hook = (method, phase) => {
      if (method === "redeem" && phase === "after") throw new Error("cut off");
    };
    assert.equal((await browser.get(callbackUrl(callback))).status, 500);
    bench.bank.hook = null;
    await bench.browser().get(callbackUrl(callback));
    bench.setNow("2024-04-25T10:05:00Z");
    await browser.get(callbackUrl(callback));
    const again = await browser.post(pageOf(made), { provider: "orion" });
    const back = await browser.get(callbackUrl(bench.bank.visit(new URL(again.next ?? ""))));
    secrets.set("the signature", new URL(back.next ?? "").searchParams.get("fx_signature") ?? "");
    await bench.ask(`/consents/${String(made["id"])}/revoke`, { method: "POST" });
    for (const job of await bench.jobs("revoke_bank_consent")) await bench.run("revoke_bank_consent", job);
  } finally {
    await bench.close();
  }
  for (const [index, token] of [...bench.bank.secrets].entries()) secrets.set(`token ${index}`, token);
  secrets
    .set("the name", "Quillfeather")
    .set("the address", "zebulon@example.com")
    .set("the client's query", "tk-4711");
  assert.ok(bench.bank.secrets.size >= 3, "the bank gave tokens");
  const text = lines.join("");
  assert.match(text, /cut off/, "it did talk");
  assert.match(text, /"route":"\/c\/:code"/);
  for (const [what, secret] of secrets) {
    assert.ok(secret.length >= 7, what);
    assert.equal(text.includes(secret), false, what);
  }
});
