/** The hosted pages as HTML: what they say, who they are dressed as, and consent links. The browser has its own file. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  callbackUrl,
  goToBank,
  openConsents,
  pageOf,
  type ConsentBench,
} from "./openbanking-consents-setup.ts";
import { bodyOf, isError, record } from "./openbanking-setup.ts";

let bench: ConsentBench;
let templates: string;
before(async () => {
  bench = await openConsents();
  const [app] = bodyOf(await bench.ask("/apps"))["data"] as { id: string }[];
  templates = `/apps/${app?.id}/templates`;
});
after(() => bench.close());

test("opening the page of a new consent makes it pending, without an event", async () => {
  const made = bodyOf(await bench.ask("/consents", { form: { customer: await bench.customer() } }));
  assert.equal(made["status"], "new");
  const shown = await bench.browser().get(pageOf(made));
  assert.equal(shown.status, 200);
  assert.equal((await bench.read(made["id"]))["status"], "pending");
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), ["consent.created"]);
});

test("without a bank the page asks for one, and finds it by search without scripts", async () => {
  const made = bodyOf(await bench.ask("/consents", { form: { customer: await bench.customer() } }));
  const browser = bench.browser();
  const page = pageOf(made);
  const name = bench.bank.provider.name;
  assert.ok((await browser.get(page)).html.includes(`href="${page}?provider=orion"`));
  assert.ok((await browser.get(`${page}?q=${name.slice(0, 3).toUpperCase()}`)).html.includes(name));
  const none = await browser.get(`${page}?q=%3Cb%3Eno`);
  assert.match(none.html, /No bank here is called/);
  assert.equal(none.html.includes("<b>no"), false);
  assert.match((await browser.get(`${page}?provider=orion`)).html, /is requesting permission/);
});

test("the page names who asks, for what, since when and until when", async () => {
  const made = await bench.consent({ retro_date: "2023-01-31", expiry_date: "2025-03-13" });
  const { html } = await bench.browser().get(pageOf(made));
  for (const said of [
    "Test is requesting permission to read your bank data",
    "Your account details",
    "Your balances",
    "Your transactions",
    "From 31 January 2023 on.",
    "until 13 March 2025",
    "every 90 days",
    "Test provides this service and is responsible",
    "Next",
    "Cancel",
  ]) {
    assert.ok(html.includes(said), said);
  }
  const hooks = [
    "consent-content",
    "block-content",
    "container-desktop",
    "consent-left-bar",
    "consent-right-bar",
  ];
  for (const hook of hooks) assert.ok(html.includes(hook), hook);
  const only = await bench.consent({ "scopes[]": "balance" });
  assert.equal((await bench.browser().get(pageOf(only))).html.includes("Your transactions"), false);
});

test("cancel on our page is a refusal, and leads back with error=access_denied", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back?state=1" });
  const shown = await bench.browser().post(`${pageOf(made)}/cancel`);
  assert.match(shown.next ?? "", /^https:\/\/app\.example\/back\?state=1&fx_consent=.*&error=access_denied&/);
  const after = await bench.read(made["id"]);
  assert.deepEqual([after["status"], after["failure_code"]], ["failed", "access_denied"]);
});

test("a template dresses the page; an unknown one stops it; the default shows where none is named", async () => {
  const made = await bench.consent();
  const browser = bench.browser();
  const image = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  );
  const upload = async (bytes: Buffer, name: string) => {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(bytes)]), name);
    return bench.http.call("/files", {
      multipart: form,
      as: null,
      headers: {
        authorization: `Basic ${Buffer.from(`${bench.http.credentials.apiKey}:`).toString("base64")}`,
      },
    });
  };
  const file = bodyOf(await upload(image, "logo.png"));
  assert.equal(file["content_type"], "image/png");
  isError(
    await upload(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "logo.png"),
    400,
    "invalid_parameter",
    "file",
  );
  isError(await upload(Buffer.concat([image, Buffer.alloc(512 * 1024)]), "logo.png"), 413, "body_too_large");

  const green = bodyOf(
    await bench.ask(templates, {
      form: {
        name: "Green",
        app_name: "Green & Sons",
        file: String(file["id"]),
        css: ".consent-content { background: #dff5e6 }",
        header_html: '<p onclick="x()">Welcome<script>alert(1)</script></p>',
        footer_html: '<a href="javascript:x()">Terms</a><img src=x onerror=x()>',
        default: "true",
      },
    }),
  );
  assert.match(String(green["id"]), /^[0-9A-Za-z]{12}$/);
  assert.equal(green["header_html"], "<p>Welcome</p>");
  assert.equal(green["footer_html"], '<a rel="noopener noreferrer" target="_blank">Terms</a>');
  const { html } = await browser.get(pageOf(made));
  assert.ok(html.includes("Green &#38; Sons is requesting permission"));
  const theme = /href="([^"]*theme\.css[^"]*)"/.exec(html)?.[1] ?? "";
  const sheet = await browser.get(theme.replaceAll("&#38;", "&"));
  assert.match(sheet.headers.get("content-type") ?? "", /^text\/css/);
  assert.equal(sheet.html, ".consent-content { background: #dff5e6 }");
  const logo = await browser.get(/img src="([^"]*)"/.exec(html)?.[1]?.replaceAll("&#38;", "&") ?? "");
  assert.deepEqual(
    [logo.headers.get("content-type"), logo.headers.get("x-content-type-options")],
    ["image/png", "nosniff"],
  );

  const plain = bodyOf(await bench.ask(templates, { form: { name: "Plain", app_name: "Plain" } }));
  assert.ok(
    (await browser.get(`${pageOf(made)}?template=${String(plain["id"])}`)).html.includes(
      "Plain is requesting",
    ),
  );
  const unknown = await browser.get(`${pageOf(made)}?template=nosuchone123`);
  assert.equal(unknown.status, 404);
  assert.equal(unknown.html.includes("requesting permission"), false);
  await bench.ask(`${templates}/${String(plain["id"])}`, { form: { default: "true" } });
  assert.equal(bodyOf(await bench.ask(`${templates}/${String(green["id"])}`))["default"], false);
  assert.ok((await browser.get(pageOf(made))).html.includes("Plain is requesting"));
  assert.equal((await bench.ask(`${templates}/${String(plain["id"])}`, { method: "DELETE" })).status, 200);
  isError(await bench.ask(`${templates}/${String(plain["id"])}`), 404, "resource_missing");
  assert.ok((await browser.get(pageOf(made))).html.includes("Test is requesting"));
});

test("§8.13: 2001 characters of CSS are refused; footer_html= clears", async () => {
  const made = bodyOf(await bench.ask(templates, { form: { name: "Long", footer_html: "<p>Terms</p>" } }));
  const path = `${templates}/${String(made["id"])}`;
  const long = await bench.ask(path, { form: { css: "a".repeat(2001) } });
  isError(long, 400, "invalid_parameter", "css");
  assert.match(String(record(record(long.body)["error"])["message"]), /2000/);
  assert.equal((await bench.ask(path, { form: { css: "a".repeat(2000) } })).status, 200);
  const cleared = bodyOf(await bench.ask(path, { form: { footer_html: "" } }));
  assert.deepEqual(
    [cleared["footer_html"], cleared["name"], cleared["css"]],
    [null, "Long", "a".repeat(2000)],
  );
  const { credentials: as } = await bench.http.newEnvironment();
  isError(await bench.ask(path, { as }), 404, "resource_missing");
});

test("CSS that could load or run something is refused", async () => {
  for (const css of [
    "@import 'https://evil.example/x.css';",
    "a { background: url(https://evil.example) }",
    "a { background: image-set('x' 1x) }",
    "a { background: u\\72l(x) }",
    "</style><script>",
    "a { width: expression(1) }",
    "@font-face { font-family: x }",
  ]) {
    isError(await bench.ask(templates, { form: { name: "Bad", css } }), 400, "invalid_parameter", "css");
  }
  const fine = "@media (min-width: 40em) { h1 { color: rebeccapurple } } /* calm */";
  assert.equal((await bench.ask(templates, { form: { name: "Fine", css: fine } })).status, 200);
});

test("a consent link: looking makes nothing, following makes a consent; single is used up by the first yes", async () => {
  const customer = await bench.customer();
  const link = bodyOf(
    await bench.ask("/consent_links", {
      form: {
        customer,
        type: "single",
        expiry_days: "90",
        retro_days: "730",
        "scopes[]": "transactions",
        "metadata[deal]": "7",
      },
    }),
  );
  assert.match(String(link["id"]), /^cl_[0-9A-Za-z]{22}$/);
  assert.equal(link["expires_at"], "2024-07-24T10:00:00Z");
  const { consent_url } = record(link["redirect"]) as { consent_url: string };
  const path = new URL(consent_url).pathname;
  assert.match(path, /^\/l\/[0-9A-Za-z]{24}$/);
  const browser = bench.browser();
  assert.match((await browser.get(`${path}?provider=orion`)).html, /until 24 July 2024/);
  assert.deepEqual(bodyOf(await bench.ask(`/consents?customer=${customer}`))["data"], []);

  await goToBank(bench, browser, path, "deny");
  await goToBank(bench, browser, path);
  const listed = bodyOf(await bench.ask(`/consents?customer=${customer}`))["data"] as Record<
    string,
    unknown
  >[];
  assert.deepEqual(
    listed.map(({ status, consent_link, expiry_date, retro_date, metadata, scopes }) => ({
      status,
      consent_link,
      expiry_date,
      retro_date,
      metadata,
      scopes,
    })),
    ["authorized", "failed"].map((status) => ({
      status,
      consent_link: link["id"],
      expiry_date: "2024-07-24",
      retro_date: "2022-04-26",
      metadata: { deal: "7" },
      scopes: ["accounts", "transactions"],
    })),
  );
  assert.equal((await browser.get(path)).status, 410);
  assert.equal(bodyOf(await bench.ask(`/consent_links/${String(link["id"])}`))["status"], "used");
});

test("two visits of a single link that overlap: the first yes counts, the other consent is canceled", async () => {
  const customer = await bench.customer();
  const form = { customer, type: "single", return_url: "https://app.example/back" };
  const link = bodyOf(await bench.ask("/consent_links", { form }));
  const path = new URL(String(record(link["redirect"])["consent_url"])).pathname;
  const browser = bench.browser();
  bench.setNow("2024-04-25T23:55:00Z");
  const going = await browser.post(path, { provider: "orion" });
  // A day later the consent's last day is another: it is another consent.
  bench.setNow("2024-04-26T00:01:00Z");
  await goToBank(bench, bench.browser(), path);
  const late = await browser.get(callbackUrl(bench.bank.visit(new URL(going.next ?? ""), "allow")));
  assert.match(late.next ?? "", /error=access_denied/);
  const listed = bodyOf(await bench.ask(`/consents?customer=${customer}`))["data"] as { status: string }[];
  assert.deepEqual(
    listed.map(({ status }) => status),
    ["authorized", "canceled"],
  );
  bench.setNow("2024-04-25T10:00:00.123456Z");
});

test("a second click on a link's Next makes no second consent", async () => {
  const customer = await bench.customer();
  const link = bodyOf(await bench.ask("/consent_links", { form: { customer, type: "multiple" } }));
  const path = new URL(String(record(link["redirect"])["consent_url"])).pathname;
  const browser = bench.browser();
  await Promise.all([1, 2].map(() => browser.post(path, { provider: "orion" })));
  assert.equal(bodyOf(await bench.ask(`/consents?customer=${customer}`))["count"], 1);
  const { credentials: as } = await bench.http.newEnvironment();
  isError(await bench.ask(`/consent_links/${String(link["id"])}`, { as }), 404, "resource_missing");
  assert.deepEqual(bodyOf(await bench.ask("/consent_links", { as }))["data"], []);
});

test("a multiple link goes on; one whose time has passed does not", async () => {
  const customer = await bench.customer();
  const link = bodyOf(
    await bench.ask("/consent_links", { form: { customer, type: "multiple", expiry_days: "1" } }),
  );
  const path = new URL(String(record(link["redirect"])["consent_url"])).pathname;
  for (let i = 0; i < 2; i++) await goToBank(bench, bench.browser(), path);
  assert.equal(bodyOf(await bench.ask(`/consents?customer=${customer}&status=authorized`))["count"], 2);
  bench.setNow("2024-04-26T10:00:01Z");
  assert.equal(bodyOf(await bench.ask(`/consent_links/${String(link["id"])}`))["status"], "expired");
  const shown = await bench.browser().post(path, { provider: "orion" });
  assert.equal(shown.status, 410);
  bench.setNow("2024-04-25T10:00:00.123456Z");
  for (const [param, fields] of [
    ["type", { type: "twice" }],
    ["expiry_days", { expiry_days: "0" }],
    ["return_url", { return_url: "http://app.example" }],
  ] as const) {
    isError(
      await bench.ask("/consent_links", { form: { customer, ...fields } }),
      400,
      "invalid_parameter",
      param,
    );
  }
});

test("what does not exist is a page, not JSON, and tells nothing", async () => {
  for (const path of ["/c/nobody", "/l/nobody", "/c/nobody/logo", "/c/nobody/theme.css"]) {
    const { status, headers, html } = await bench.browser().get(path);
    assert.equal(status, 404);
    assert.match(headers.get("content-type") ?? "", /^text\/html/);
    assert.match(html, /This page does not exist/);
  }
});
