/** The console in a browser: a server of one's own, and people who click. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { buildPages, openBrowser, visit, type Visitor } from "./browser.ts";
import { PASSWORD } from "./console-people.ts";
import { until } from "./main-path-setup.ts";
import { ROOT } from "./start-setup.ts";

export const OWNER = { name: "Meera Iyer", email: "meera@lender.example", password: PASSWORD };

export interface Stage {
  server: ChildServer;
  browser: Browser;
  /** Where the first owner is made. */
  firstLink: string;
  /** A path below /console, in a fresh context unless one is given. */
  open(path: string, options?: BrowserContextOptions): Promise<Visitor>;
  /** Records a sample event of BankConnect in the sandbox, as the command does. */
  trigger(type: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  buildPages("console");
  // One after the other: the browser builds the pages where they are old, and a server lists them as it starts.
  const browser = await openBrowser();
  const server = await startChildServer({ env: { BANKBELL_LOG_LEVEL: "silent" } });
  // It is printed a moment after the server is ready.
  const firstLink = await until(
    "the link of the first owner",
    () => /http\S+\/console\/first-owner#\S+/.exec(server.printed())?.[0],
  );
  return {
    server,
    browser,
    firstLink,
    open: (path, options) =>
      visit(browser, path.startsWith("http") ? path : `${server.url}/console${path}`, options),
    async trigger(type) {
      const env = { ...process.env, BANKBELL_DATA_DIR: server.dataDir, BANKBELL_LOG_LEVEL: "error" };
      await promisify(execFile)(process.execPath, ["src/main.ts", "trigger", type], { cwd: ROOT, env });
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

export async function makeFirstOwner(page: Page): Promise<void> {
  await page.getByLabel("Organisation").fill("Northwind Lending");
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.locator("input[type=password]").fill(OWNER.password);
  await page.getByRole("button", { name: "Create the owner" }).click();
  await page.waitForURL("**/console/sandbox/webhooks");
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export interface Sink {
  url: string;
  /** What came, oldest first. */
  received: { headers: Record<string, string>; body: string }[];
  /** What is answered from now on. */
  status: number;
  close(): Promise<void>;
}

/** A receiver that takes any body. */
export async function startSink(): Promise<Sink> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
      sink.received.push({ headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(sink.status).end(`{"answered":${sink.status}}`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?key=s3cret-key`,
    received: [],
    status: 200,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return sink;
}
