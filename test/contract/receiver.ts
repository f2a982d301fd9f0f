/** What stands outside: it takes webhooks and gives out files. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { record } from "./answers.ts";
import { fileOf } from "./files.ts";

export interface Hook {
  body: Record<string, unknown>;
  raw: string;
  contentType: string;
}

/** Gives out files. Every hook that arrives is verified by the independent package; what does not, or meets a fault, is one of `faults`. */
export async function startReceiver(secret: string, onHook: (hook: Hook) => Promise<void>) {
  const hooks: Hook[] = [];
  const faults: unknown[] = [];
  const verifier = new Webhook(secret);
  const server = createServer((request, response) => {
    const take = async () => {
      const raw = await textOf(request);
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
      verifier.verify(raw, Object.fromEntries(headers));
      const hook = { raw, body: record(JSON.parse(raw)), contentType: request.headers["content-type"] ?? "" };
      await onHook(hook);
      hooks.push(hook);
      // Ruling 8: any 2xx.
      return 202;
    };
    if (request.method === "GET") {
      const [, name = ""] = /^\/(.*)\.pdf$/.exec(request.url ?? "") ?? [];
      fileOf(name).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
      return;
    }
    take().then(
      (status) => response.writeHead(status).end(),
      (fault: unknown) => {
        faults.push(fault);
        response.writeHead(500).end();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return {
    hooks,
    faults,
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
