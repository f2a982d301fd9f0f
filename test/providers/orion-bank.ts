/** Orion in this process, and a customer who walks through its pages without a browser. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { startOrion, type Orion } from "../../orion/server.ts";
import type { Callback } from "../../src/connect/providers/provider.ts";

export interface OrionBank {
  orion: Orion;
  /** Through log-in and consent as this customer; what the browser then brings back. */
  visit: (url: URL, answer: "allow" | "deny", username?: string) => Promise<Callback>;
  sandbox: (path: string, body?: object) => Promise<unknown>;
  logs: string[];
}

const PASSWORD = "bluebell";
const ONE_TIME_CODE = "246810";

export async function openOrion(options: Partial<Parameters<typeof startOrion>[0]> = {}): Promise<OrionBank> {
  const logs: string[] = [];
  const log = (fields: object, message: string) => void logs.push(JSON.stringify({ ...fields, message }));
  const orion = await startOrion({ port: 0, host: "127.0.0.1", seed: "test", log, ...options });
  return {
    orion,
    logs,
    visit: (url, answer, username = "anna") => walkOrion(url, answer, username),
    async sandbox(path, body) {
      const answer = await fetch(`${orion.url}/_sandbox${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      });
      assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
      return answer.json();
    },
  };
}

export async function walkOrion(url: URL, answer: "allow" | "deny", username: string): Promise<Callback> {
  const begun = await fetch(url, { redirect: "manual" });
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = new URL(begun.headers.get("location") ?? "", url);
  if (page.origin !== url.origin) return callbackOf(page);
  const step = async (name: string, fields: [string, string][]): Promise<URL> => {
    const response = await fetch(`${page.href}/${name}`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
    assert.equal(response.status, 303, await response.text());
    return new URL(response.headers.get("location") ?? "", url);
  };
  const afterLogin = await step("login", [
    ["username", username],
    ["password", PASSWORD],
  ]);
  if (afterLogin.origin !== url.origin) return callbackOf(afterLogin);
  if (answer === "deny") return callbackOf(await step("cancel", []));
  let html = await (await fetch(page, { headers: { cookie } })).text();
  if (html.includes('name="code"')) {
    await step("code", [["code", ONE_TIME_CODE]]);
    html = await (await fetch(page, { headers: { cookie } })).text();
  }
  const accounts = [...html.matchAll(/name="account" value="([^"]+)"/g)].map(([, id]) => id ?? "");
  const types = /type="radio" name="account"/.test(html) ? accounts.slice(0, 1) : accounts;
  return callbackOf(
    await step(
      "consent",
      types.map((id) => ["account", id]),
    ),
  );
}

/** Of the query, or of the fragment. */
const callbackOf = (url: URL): Callback =>
  Object.fromEntries(url.hash === "" ? url.searchParams : new URLSearchParams(url.hash.slice(1)));

/** Where the bank posts its notifications: takes each, and hands them out. */
export interface Listener {
  url: string;
  /** The token whose text names this id; waits until it comes. */
  tokenAbout: (id: string) => Promise<string>;
  close: () => Promise<void>;
}

export async function openListener(): Promise<Listener> {
  const tokens: string[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      tokens.push(Buffer.concat(chunks).toString());
      response.writeHead(202).end();
      arrivals.emit("token");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const about = (id: string) =>
    tokens.find((token) =>
      Buffer.from(token.split(".")[1] ?? "", "base64url")
        .toString()
        .includes(id),
    );
  return {
    url: `http://127.0.0.1:${address.port}`,
    async tokenAbout(id) {
      for (;;) {
        const token = about(id);
        if (token !== undefined) return token;
        await once(arrivals, "token", { signal: AbortSignal.timeout(30_000) });
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
