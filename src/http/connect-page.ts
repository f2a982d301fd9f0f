/**
 * What stands at `redirect_url` until the hosted journey is built: a page for the customer who follows it. The query
 * is not read and no session looked up, so it tells nobody which sessions there are.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";

const STYLE = join(import.meta.dirname, "connect.css");

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Share your bank statements</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="/connect/style.css"></head><body><main>
<h1>You cannot upload here yet</h1>
<p>The page for uploading bank statements is not part of this version of the service.</p>
<p>Please go back to whoever sent you here, and ask how to send them your statements.</p>
<p class="quiet">Opening this page has sent and changed nothing.</p>
</main></body></html>
`;

export function connectRoutes(app: FastifyInstance): void {
  const style = readFileSync(STYLE, "utf8");
  app.get("/connect/", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(PAGE),
  );
  app.get("/connect/style.css", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=3600").send(style),
  );
}
