/** The console as a person uses it, in Chromium: from the link that the server prints to a delivery that is sent again. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { fitsWidth, isAccessible, withoutBrowser, type Visitor } from "./browser.ts";
import { PASSWORD, totp } from "./console-people.ts";
import { until } from "./main-path-setup.ts";
import {
  makeFirstOwner,
  openStage,
  OWNER,
  signIn,
  startSink,
  type Sink,
  type Stage,
} from "./console-web-setup.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
/** Of a first load, compressed: scripts, styles and the page. */
const BUDGET = 350_000;
const PAGES = [
  "/sandbox/webhooks",
  "/sandbox/webhooks/new",
  "/sandbox/deliveries",
  "/sandbox/events",
  "/sandbox/replays",
  "/sandbox/developers",
  "/sandbox/settings/team",
  "/sandbox/settings/security",
  "/sandbox/settings/audit",
  "/sandbox/settings/bankconnect",
];

describe("the console in a browser", { skip: withoutBrowser() }, () => {
  let stage: Stage;
  let sink: Sink;
  let owner: Visitor;
  let page: Page;
  let secret = "";

  before(async () => {
    [stage, sink] = await Promise.all([openStage(), startSink()]);
    owner = await stage.open(stage.firstLink, { reducedMotion: "reduce" });
    page = owner.page;
  });
  after(async () => {
    await stage.close();
    await sink.close();
  });

  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name }).waitFor();
  const go = (path: string) => page.goto(`${stage.server.url}/console${path}`);
  const rowOf = (text: string | RegExp) => page.getByRole("row", { name: text }).first();

  test("the printed link makes the first owner, once", async () => {
    await isAccessible(page, "first owner");
    await makeFirstOwner(page);
    await page.getByText("No webhooks yet").waitFor();
    assert.equal(await page.getByText("Northwind Lending").first().isVisible(), true);
    const late = await stage.open(stage.firstLink);
    await late.page.getByLabel("Organisation").fill("Others");
    await late.page.getByLabel("E-mail address").fill("late@lender.example");
    await late.page.getByLabel("Your name").fill("Late");
    await late.page.locator("input[type=password]").fill(PASSWORD);
    await late.page.getByRole("button", { name: "Create the owner" }).click();
    await late.page.getByText("The link has been used").waitFor();
    await late.close();
  });

  test("a webhook is created, its secret shown, and a test event arrives signed", async () => {
    await page.getByRole("link", { name: "Create webhook" }).click();
    await heading("Create webhook");
    await page.getByRole("button", { name: "Create webhook" }).click();
    await page.getByText("A URL that begins with").waitFor();
    await page.getByLabel("URL").fill(sink.url);
    await page.getByText("We strongly recommend HTTPS").waitFor();
    await page.getByLabel("Search events").fill("expiry");
    assert.equal(await page.getByLabel(/^ENRICHMENT_NOTIFICATION/).count(), 0);
    await page.getByLabel("Search events").fill("");
    await page.getByRole("button", { name: "Order, rate and retries" }).click();
    await page.getByLabel("Own schedule").fill("0");
    await page.getByRole("button", { name: "Create webhook" }).click();
    const dialog = page.getByRole("dialog");
    secret = (await dialog.getByText(/^whsec_/).textContent()) ?? "";
    assert.match(secret, /^whsec_/);
    await dialog.getByRole("button", { name: "Done" }).click();
    await heading(/127\.0\.0\.1/);
    assert.equal((await page.content()).includes("s3cret-key"), false, "a key in the query is masked");
    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByRole("status").getByText("Delivered", { exact: true }).waitFor();
    const [arrived] = sink.received;
    assert.ok(arrived);
    new Webhook(secret).verify(arrived.body, arrived.headers);
  });

  test("it is edited by its icon", async () => {
    await go("/sandbox/webhooks");
    await page.getByRole("link", { name: /^Edit http/ }).click();
    await heading("Edit webhook");
    await page.getByLabel("Description").fill("Loan desk");
    await page.getByRole("checkbox", { name: /^All events/ }).uncheck();
    await page.getByRole("checkbox", { name: /^ENRICHMENT_NOTIFICATION/ }).check();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("The webhook has been changed.").waitFor();
    await go("/sandbox/webhooks");
    await page.getByText("Loan desk").waitFor();
    await page.getByText("1 of them").waitFor();
  });

  test("its secret is rotated with an overlap, and revealed", async () => {
    await page.getByRole("link", { name: /^http/ }).click();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    const dialog = page.getByRole("dialog");
    const fresh = (await dialog.getByText(/^whsec_/).textContent()) ?? "";
    assert.notEqual(fresh, secret);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Reveal" }).click();
    await page.getByText(secret).waitFor();
    await page.getByText(fresh).waitFor();
  });

  test("a delivery that fails is seen, with its answer, and sent again with success", async () => {
    sink.status = 503;
    await stage.trigger("ENRICHMENT_NOTIFICATION");
    await go("/sandbox/deliveries?status=exhausted");
    await page.getByRole("link", { name: "ENRICHMENT_NOTIFICATION" }).first().click();
    await heading("ENRICHMENT_NOTIFICATION");
    await page.getByText("HTTP 503").first().waitFor();
    await page.getByRole("button", { name: "Request and response" }).first().click();
    await page.getByRole("button", { name: "Copy as curl" }).waitFor();
    await page.getByLabel("Body of the response").getByText("answered").waitFor();
    await isAccessible(page, "an event with its attempts");
    sink.status = 200;
    await page.getByRole("button", { name: "Resend" }).click();
    await rowOf(/Delivered/).waitFor();
  });

  test("what matches is replayed, and the progress is seen", async () => {
    const before = sink.received.length;
    await go("/sandbox/deliveries?type=ENRICHMENT_NOTIFICATION");
    await page.getByRole("button", { name: "Replay these" }).click();
    const dialog = page.getByRole("dialog");
    await isAccessible(page, "the dialog of replays");
    await dialog.getByRole("combobox", { name: "To webhook" }).click();
    await page.getByRole("option", { name: /127\.0\.0\.1/ }).click();
    await dialog.getByText("Everything that matches").click();
    await dialog.getByRole("button", { name: "Start replay" }).click();
    await heading("Replays");
    await page.getByText("Completed").waitFor();
    await page.getByText(/1 of 1/).waitFor();
    await until("what was replayed", () => sink.received.length > before || undefined);
  });

  test("a paused webhook says why and what waits, and is resumed", async () => {
    await go("/sandbox/webhooks");
    await page.getByRole("link", { name: /^http/ }).click();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: /^Pause/ }).click();
    await page.getByText("Paused by hand.").waitFor();
    await stage.trigger("ENRICHMENT_NOTIFICATION");
    await page.reload();
    await page.getByText("1 deliveries wait", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByText("what waits goes out now").waitFor();
  });

  test("a filter stands in the URL", async () => {
    await go("/sandbox/deliveries");
    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "Expired" }).click();
    await page.waitForURL(/status=expired/);
    await page.getByText("Nothing matches").waitFor();
    await page.reload();
    await page.getByText("Nothing matches").waitFor();
  });

  test("a key is made and shown once", async () => {
    await go("/live/developers");
    await page.getByRole("button", { name: "Create API key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Loan desk");
    await dialog.getByRole("button", { name: "Create API key" }).click();
    const key =
      (await page
        .getByRole("dialog")
        .getByText(/^[0-9a-f]{40}$/)
        .first()
        .textContent()) ?? "";
    assert.match(key, /^[0-9a-f]{40}$/);
    await page.getByRole("button", { name: "I have copied them" }).click();
    await rowOf(/Loan desk/).waitFor();
    assert.equal((await page.content()).includes(key), false);
    await go("/sandbox/developers");
    await rowOf(/First key/).waitFor();
    assert.equal(await page.getByText("Loan desk").count(), 0, "live and sandbox do not mix");
  });

  for (const path of PAGES) {
    test(`${path} can be used by everybody, wide and narrow, light and dark`, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await go(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached" });
      await isAccessible(page, `${path} in light`);
      await page.emulateMedia({ colorScheme: "dark" });
      await isAccessible(page, `${path} in dark`);
      await page.setViewportSize(PHONE.viewport);
      await page.locator(".mantine-AppShell-navbar").waitFor({ state: "hidden" });
      await fitsWidth(page, path);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
      assert.deepEqual(owner.faults, []);
    });
  }

  test("dark is chosen, and remembered", async () => {
    await go("/sandbox/webhooks");
    await page.getByRole("button", { name: /your account/ }).click();
    await page.getByText("Dark", { exact: true }).click();
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
    await page.reload();
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
    await heading("Webhooks");
  });

  test("an invited viewer looks and changes nothing", async () => {
    await go("/sandbox/settings/team");
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill("asha@lender.example");
    await dialog.getByLabel("Viewer").check();
    await dialog.getByRole("button", { name: "Invite" }).click();
    const link = (await dialog.getByText(/\/console\/invitation\//).textContent()) ?? "";
    const asha = await stage.open(link, PHONE);
    await isAccessible(asha.page, "an invitation");
    await asha.page.getByLabel("Your name").fill("Asha Rao");
    await asha.page.locator("input[type=password]").fill(PASSWORD);
    await asha.page.getByRole("button", { name: "Join" }).click();
    await asha.page.getByText("Loan desk").waitFor();
    assert.equal(await asha.page.getByRole("link", { name: /Create webhook|^Edit/ }).count(), 0);
    assert.equal(await asha.page.getByRole("button", { name: /^Delete/ }).count(), 0);
    await asha.page.goto(`${stage.server.url}/console/sandbox/settings/team`);
    await asha.page.getByText("Your role does not allow this").first().waitFor();
    await asha.close();
    await go("/sandbox/settings/team");
    await rowOf(/Asha Rao/).waitFor();
  });

  test("the second factor is set up, and asked for at the next sign-in", async () => {
    await go("/sandbox/settings/security");
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Your password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("img", { name: "QR code of the key" }).waitFor();
    const key = (await dialog.getByText(/^[A-Z2-7]{16,}$/).textContent()) ?? "";
    const uri = `otpauth://totp/x?secret=${key}`;
    await dialog.getByRole("textbox", { name: /^Code/ }).fill(totp(uri));
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await dialog.getByText("The second factor is on").waitFor();
    await dialog.getByRole("button", { name: "I have kept them" }).click();
    await page.getByRole("button", { name: /your account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await heading("Sign in to Bankbell");
    await isAccessible(page, "sign-in");
    await signIn(page, OWNER.email, "wrong password");
    await page.getByText("The e-mail address or the password is wrong.").waitFor();
    await signIn(page, OWNER.email);
    await heading("One more step");
    await isAccessible(page, "the second factor");
    await page.getByRole("textbox", { name: /^Code/ }).fill(totp(uri));
    await page.getByRole("button", { name: "Verify" }).click();
    await heading("Webhooks");
  });

  test("with the keyboard alone: sign in, back to where one wanted to go, delete with a confirmation", async () => {
    const asha = await stage.open("/sandbox/events");
    const { keyboard } = asha.page;
    await asha.page.getByRole("heading", { name: "Sign in to Bankbell" }).waitFor();
    await reach(asha.page, "E-mail address");
    await keyboard.type("asha@lender.example");
    await keyboard.press("Tab");
    await keyboard.type(PASSWORD);
    await keyboard.press("Enter");
    await asha.page.waitForURL("**/console/sandbox/events");
    await asha.close();

    await go("/sandbox/webhooks");
    await page.getByText("Loan desk").waitFor();
    await reach(page, /^Delete http/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await reach(page, "Delete webhook");
    await page.keyboard.press("Enter");
    await page.getByText("No webhooks yet").waitFor();
  });

  test("scripts are files of ours, nobody frames the console, and a first load keeps its budget", async () => {
    const answer = await fetch(`${stage.server.url}/console/sandbox/webhooks`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /default-src 'none'/);
    assert.equal(answer.headers.get("x-frame-options"), "DENY");
    const context = await stage.browser.newContext({ storageState: await page.context().storageState() });
    const fresh = await context.newPage();
    await fresh.goto(`${stage.server.url}/console/sandbox/webhooks`);
    await fresh.getByText("No webhooks yet").waitFor();
    const bytes = await fresh.evaluate(() =>
      performance
        .getEntries()
        .filter(({ name }) => !name.includes("/api/"))
        .reduce((sum, entry) => sum + Number(Reflect.get(entry, "encodedBodySize") ?? 0), 0),
    );
    await context.close();
    assert.ok(bytes > 50_000 && bytes <= BUDGET, `${bytes} bytes`);
  });
});

/** Tab until what has this name has the focus. */
async function reach(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    // As text: the tests' types know no DOM.
    const focused = await page.evaluate<string>(`(() => {
      const element = document.activeElement;
      const label = element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      return [label, ...[...(element?.labels ?? [])].map((one) => one.textContent)].join(" ").trim();
    })()`);
    if (typeof name === "string" ? focused.startsWith(name) : name.test(focused)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${String(name)}.`);
}
