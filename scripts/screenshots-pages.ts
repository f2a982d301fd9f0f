/** The console's pages with statements, a connected bank and a payment in them. */
import type { Page } from "playwright-core";
import { openBrowser, visit } from "../test/browser.ts";
import { fillPages, type Pages } from "../test/console-pages-setup.ts";
import { makeFirstOwner, OWNER, signIn } from "../test/console-web-setup.ts";
import type { Picture, Stage } from "./screenshots.ts";

/** Below `/console/sandbox`, what it shows once it is whole, and what is clicked before. */
type Scene = [name: string, path: string, shows: string | RegExp, play?: (page: Page) => Promise<void>];

const tab = (name: string | RegExp) => (page: Page) => page.getByRole("tab", { name }).click();
const statement = (name: RegExp) => (page: Page) => page.getByRole("link", { name }).click();

const scenes = (pages: Pages): Scene[] => [
  ["sessions", "sessions", "customer-0042"],
  ["sessions-none", "sessions?search=nobody", "Nothing fits"],
  ["session", `sessions/${pages.processed}`, "Feb 2024"],
  ["session-figures", `sessions/${pages.processed}`, "Where money goes", tab("Figures")],
  ["session-income", `sessions/${pages.processed}`, "Payments that come back", tab(/^Income/)],
  ["session-transactions", `sessions/${pages.processed}`, "84 of 84", tab("Transactions")],
  ["session-fraud", `sessions/${pages.broken}`, "findings", tab(/^Fraud/)],
  ["statement", `sessions/${pages.processed}`, "page 1, line 11", statement(/^statement/)],
  ["statement-broken", `sessions/${pages.broken}`, "It does not add up here", statement(/^hdfc/)],
  ["consents", "open-banking/consents", pages.consent],
  ["consent", `open-banking/consents/${pages.consent}`, "consent.authorized"],
  ["customers", "open-banking/customers", "Asha Sample"],
  ["customer", `open-banking/customers/${pages.customer}`, "Everyday"],
  ["account", `open-banking/accounts/${pages.account}`, "Holder"],
  ["payments", "open-banking/payments", "Ann Example"],
  ["payment", `open-banking/payments/${pages.payment}`, "payment.created"],
  ["banks", "open-banking/banks", "Healthy"],
  ["requests", "developers/requests", "INVALID_SESSION_EXPIRY"],
  ["settings-open-banking", "settings/open-banking", "App id"],
  ["settings-journey", "settings/journey", "Preview"],
];

export const pagesStage: Stage = {
  name: "console-pages",
  open: async () => {
    const pages = await fillPages();
    await makeOwner(pages.firstLink);
    const pictures = scenes(pages).map(([name, path, shows, play]): Picture => ({
      name,
      url: () => Promise.resolve(`${pages.world.server.url}/console/sandbox/${path}`),
      async play(page) {
        await signIn(page, OWNER.email);
        await play?.(page);
        await page.getByRole("main").getByText(shows).first().waitFor();
      },
    }));
    return { pictures, close: () => pages.world.stop() };
  },
};

async function makeOwner(link: string): Promise<void> {
  const browser = await openBrowser();
  const { page } = await visit(browser, link);
  await makeFirstOwner(page);
  await browser.close();
}
