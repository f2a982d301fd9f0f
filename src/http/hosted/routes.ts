/** The hosted pages of the open-banking contract, at the root of the host: the table of contents. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { useParsers } from "../parsers.ts";
import { callbackPages } from "./callback.ts";
import { consentPages } from "./consents.ts";
import { preparePages } from "./context.ts";
import { STYLE_PATH } from "./layout.ts";
import { linkPages } from "./links.ts";
import { netBankingPages, type NetBankingDeps } from "./net-banking.ts";
import { paymentPages } from "./payments.ts";

const STYLE = join(import.meta.dirname, "style.css");
const BODY_LIMIT = 64 * 1024;

export async function hostedPages(app: FastifyInstance, deps: NetBankingDeps): Promise<void> {
  useParsers(app, ["form"], BODY_LIMIT);
  preparePages(app, deps);
  const style = readFileSync(STYLE, "utf8");
  app.get(STYLE_PATH, { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type("text/css; charset=utf-8")
      // Not for ever: a new version's pages must not wear the old one's dress for long.
      .header("cache-control", "public, max-age=300")
      .send(style),
  );
  consentPages(app, deps);
  linkPages(app, deps);
  paymentPages(app, deps);
  netBankingPages(app, deps);
  callbackPages(app, deps);
}
