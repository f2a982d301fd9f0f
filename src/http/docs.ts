/**
 * The readable page at `/docs`: written on the server from the OpenAPI document, so that the two cannot differ.
 * No script, and nothing from another host: it reads well in a network that has no way out.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { renderDocs } from "./docs-page.ts";

const STYLE = join(import.meta.dirname, "docs.css");

export function docsRoutes(app: FastifyInstance): void {
  const style = readFileSync(STYLE, "utf8");
  let page: string | null = null;
  // Whoever opens the address that the start prints finds something to read.
  app.get("/", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/docs"));
  app.get("/docs", { schema: { hide: true } }, async (_request, reply) => {
    page ??= renderDocs(app.swagger());
    const policy = String(reply.getHeader("content-security-policy"));
    return (
      reply
        .type("text/html; charset=utf-8")
        // The console shows it in a frame of its own.
        .header("content-security-policy", policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"))
        .header("x-frame-options", "SAMEORIGIN")
        .send(page)
    );
  });
  app.get("/docs/style.css", { schema: { hide: true } }, async (_request, reply) => {
    return reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=3600").send(style);
  });
}
