/** What the hosted pages borrow, and how one of them stops. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Connect } from "../../connect/context.ts";
import { ConnectError } from "../../connect/errors.ts";
import type { Environment } from "../../store/environments.ts";
import { loadOpenBankingRules } from "../../store/openbanking-settings.ts";
import { findTemplate, type TemplateRow } from "../../store/templates.ts";
import { isDatabaseUnavailable } from "../../store/unavailable.ts";
import { header } from "../keyring.ts";
import { connectionOf, isSecure, type IsTrusted } from "../transport.ts";
import type { Look } from "./layout.ts";
import { noticePage, pathWith, type Notice } from "./pages.ts";

export interface HostedDeps {
  connect: Connect;
  isTrusted: IsTrusted;
}

/** A page that ends the visit here; thrown anywhere in it. */
export class Stop extends Error {
  override name = "Stop";
  readonly status: number;
  readonly notice: Notice;
  readonly look: Look | null;
  constructor(status: number, notice: Notice, look: Look | null = null) {
    super(notice.title);
    this.status = status;
    this.notice = notice;
    this.look = look;
  }
}

export const unknownPage = (): Stop =>
  new Stop(404, {
    mark: "quiet",
    title: "This page does not exist",
    says: ["The address may be incomplete, or too old. Please go back to whoever sent you here."],
  });

/** Forms go to ourselves, and from there by a page, never by a redirect, which this policy would stop. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The headers, and how faults look, of every page in this scope. */
export function preparePages(app: FastifyInstance, { connect, isTrusted }: HostedDeps): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("content-security-policy", POLICY).header("cache-control", "no-store");
    if (!isSecure(connectionOf(request), isTrusted)) {
      throw new Stop(403, {
        mark: "warn",
        title: "This page needs HTTPS",
        says: ["Open it with https:// in front."],
      });
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    if (request.method !== "POST" || !isForeign(request)) return;
    // Banks answer by forms of theirs; `callback.ts` asks for the browser's cookie.
    if (request.url.startsWith("/callback/")) return;
    const [path = ""] = request.url.split("?", 1);
    return reply.redirect(path.replace(/\/cancel$/, ""), 303);
  });
  app.setErrorHandler((error, request, reply) => {
    const stop = stopOf(error);
    request.outcome = stop.status < 500 ? `page_${stop.status}` : "internal_error";
    if (stop.status === 500) connect.log.error({ err: error, req_id: request.id }, "request failed");
    return sendPage(reply, noticePage(stop.look, stop.notice), stop.status);
  });
}

/**
 * Whether another site's page sent this browser's form. Then it only opens ours, where the customer reads what is asked
 * and decides: Next and Cancel are pressed nowhere else.
 */
function isForeign(request: FastifyRequest): boolean {
  const site = header(request, "sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

function stopOf(error: unknown): Stop {
  if (error instanceof Stop) return error;
  if (error instanceof ConnectError) {
    return new Stop(error.code === "resource_missing" ? 404 : 409, {
      mark: "quiet",
      title: "This cannot be done any more",
      says: ["The request has changed meanwhile. Open its page again to see how it stands."],
    });
  }
  const status = statusOf(error);
  if (status === 429)
    return new Stop(429, {
      mark: "warn",
      title: "Too many attempts",
      says: ["Please wait a minute, then try again."],
    });
  if (status >= 400 && status < 500) return unknownPage();
  const isDown = status === 503 || isDatabaseUnavailable(error);
  return new Stop(isDown ? 503 : 500, {
    mark: "warn",
    title: isDown ? "We are busy at the moment" : "Something went wrong",
    says: ["Nothing was shared. Please try again in a minute."],
  });
}

function statusOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : 500;
}

export const sendPage = (reply: FastifyReply, html: string, status = 200): FastifyReply =>
  reply.code(status).type("text/html; charset=utf-8").send(html);

/** One text of a query or a form; null where it is missing, empty, long or sent twice. */
export function field(from: unknown, name: string): string | null {
  const value: unknown = typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined;
  return typeof value === "string" && value !== "" && value.length <= 200 ? value : null;
}

export const codeOf = ({ params }: FastifyRequest): string => field(params, "code") ?? "";

/** The template that the visit names, or the default one. Throws Stop where it names one that there is not. */
export async function templateOf(
  connect: Connect,
  env: Environment,
  named: string | null,
): Promise<TemplateRow | null> {
  const template = await findTemplate(connect.db, env.id, named ?? { default: true });
  if (named !== null && !template) throw unknownPage();
  return template;
}

/** @param path of the page: theme and logo lie below it */
export async function lookOf(
  connect: Connect,
  env: Environment,
  template: TemplateRow | null,
  path: string,
): Promise<Look> {
  const { appName, organisation, supportUrl } = await loadOpenBankingRules(connect.db, env.id);
  const below = (name: string) => pathWith(`${path}/${name}`, { template: template?.public_id ?? null });
  return {
    appName: template?.app_name ?? appName ?? organisation,
    organisation,
    supportUrl,
    isSandbox: env.mode === "sandbox",
    headerHtml: template?.header_html ?? null,
    footerHtml: template?.footer_html ?? null,
    logoPath: template?.file ? below("logo") : null,
    stylePath: template?.css ? below("theme.css") : null,
  };
}
