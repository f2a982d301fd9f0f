import type { Page } from "playwright-core";
import { makeFirstOwner, openStage, startSink } from "../test/console-web-setup.ts";
import type { Stage } from "./screenshots.ts";

const PAGES = [
  "webhooks",
  "webhooks/new",
  "deliveries",
  "events",
  "replays",
  "developers",
  "settings/team",
  "settings/security",
  "settings/bankconnect",
  "settings/audit",
];

/** Pages of the console, with two webhooks of which one fails. */
export const consoleStage: Stage = {
  name: "console",
  open: async () => {
    const stage = await openStage();
    const [good, bad] = await Promise.all([startSink(), startSink()]);
    bad.status = 503;
    const owner = await stage.open(stage.firstLink);
    await makeFirstOwner(owner.page);
    const ask = async (path: string, data?: object) => {
      const { request } = owner.page.context();
      const headers = { "x-bankbell-console": "1", "x-bankbell-environment": "sandbox" };
      const url = `${stage.server.url}/console/api${path}`;
      const answer = await (data ? request.post(url, { headers, data }) : request.get(url, { headers }));
      return answer.json() as Promise<{ data: { id: string }[] }>;
    };
    await ask("/endpoints", { url: good.url, format: "session", description: "Loan desk" });
    await ask("/endpoints", { url: bad.url, format: "session", description: "Old core banking" });
    await stage.trigger("ENRICHMENT_NOTIFICATION");
    const cookies = await owner.page.context().cookies();
    const [event] = (await ask("/events")).data;
    const base = `${stage.server.url}/console`;
    const paths = ["/sign-in", ...[...PAGES, `events/${event?.id ?? ""}`].map((page) => `/sandbox/${page}`)];
    const pictures = paths.map((path) => ({
      name: path
        .replace(/^\/(sandbox\/)?/, "")
        .replace(/evt_\w+/, "one")
        .replaceAll("/", "-"),
      url: async () => `${base}/sign-in`,
      play: async (page: Page) => {
        if (path !== "/sign-in") await page.context().addCookies(cookies);
        await page.goto(`${base}${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => undefined);
      },
    }));
    const close = async () => {
      await stage.close();
      await Promise.all([good.close(), bad.close()]);
    };
    return { pictures, close };
  },
};
