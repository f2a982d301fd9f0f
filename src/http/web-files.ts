/**
 * Serves a folder of built pages (`npm run build:web`). What a build names by its content is cached for ever, the page
 * itself never; Brotli and gzip copies lie beside each file. The files are listed once, at the start: a path that
 * is not in the list is not there, so nothing outside the folder can be asked for.
 */
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface WebAppOptions {
  /** Absolute. */
  dist: string;
  /** Without a slash at its end: `/connect`. */
  prefix: string;
  /** The page's Content-Security-Policy, which may depend on who asks. */
  csp: (request: FastifyRequest) => Promise<string> | string;
  /** True: every path below the prefix that names no file answers the page, which has routes of its own. */
  routes?: boolean;
}

const WEB = join(import.meta.dirname, "..", "..", "web", "dist");

/** Where `npm run build:web` leaves an app. */
export const webDist = (app: string): string => join(WEB, app);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};
const ENCODINGS = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

const PAGE = "index.html";
/** Vite puts whatever it names by its content there. */
const HASHED = "assets/";
const NOT_BUILT = "The pages of this server have not been built: npm run build:web\n";

type Files = ReadonlySet<string>;

/** Where the page's policy allows frames, the older header, which knows no list of origins, is taken back. */
export function serveWebApp(app: FastifyInstance, options: WebAppOptions): void {
  const { dist, prefix } = options;
  const files = filesOf(dist);
  const page = (request: FastifyRequest, reply: FastifyReply) => sendPage(request, reply, options, files);
  // ignoreTrailingSlash: with and without.
  app.get(`${prefix}/`, { schema: { hide: true } }, page);
  app.get<{ Params: { "*": string } }>(`${prefix}/*`, { schema: { hide: true } }, async (request, reply) => {
    const path = request.params["*"];
    if (path !== PAGE && files.has(path) && isPublic(path)) {
      reply.header(
        "cache-control",
        path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      );
      return sendFile(request, reply, dist, path, files);
    }
    if (options.routes !== true || extname(path) !== "" || path.startsWith("api/"))
      return reply.callNotFound();
    return page(request, reply);
  });
}

/** One built script that pages of other origins load. */
export function serveWebScript(
  app: FastifyInstance,
  { dist, path, url }: { dist: string; path: string; url: string },
): void {
  const files = filesOf(dist);
  app.get(url, { schema: { hide: true } }, async (request, reply) => {
    if (!files.has(path)) return reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
    reply
      .header("cross-origin-resource-policy", "cross-origin")
      .header("cache-control", "public, max-age=3600");
    return sendFile(request, reply, dist, path, files);
  });
}

async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { dist, csp }: WebAppOptions,
  files: Files,
): Promise<FastifyReply> {
  if (!files.has(PAGE)) return reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
  const policy = await csp(request);
  if (!policy.includes("frame-ancestors 'none'")) reply.removeHeader("x-frame-options");
  // Pages of origins that may frame it may also open it in a window of its own, and are told how it goes there.
  if (/frame-ancestors [^;]*:\/\//.test(policy)) reply.header("cross-origin-opener-policy", "unsafe-none");
  reply.header("content-security-policy", policy).header("cache-control", "no-store");
  return sendFile(request, reply, dist, PAGE, files);
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  dist: string,
  path: string,
  files: Files,
): Promise<FastifyReply> {
  const accepted = acceptedEncodings(request.headers["accept-encoding"]);
  const encoding = ENCODINGS.find(({ name, ending }) => accepted.has(name) && files.has(`${path}${ending}`));
  reply.header("vary", "accept-encoding").type(TYPES[extname(path)] ?? "application/octet-stream");
  if (encoding) reply.header("content-encoding", encoding.name);
  return reply.send(await readFile(join(dist, `${path}${encoding?.ending ?? ""}`)));
}

/** `br;q=0` refuses it; other weights do not matter, for there are two. */
function acceptedEncodings(header: string | undefined): ReadonlySet<string> {
  const names = (header ?? "").split(",").map((part) => part.trim().toLowerCase());
  return new Set(
    names.filter((part) => !/;\s*q=0(\.0*)?$/.test(part)).map((part) => part.replace(/;.*/, "")),
  );
}

/** Neither the stamp of the build nor a compressed copy under its own name. */
const isPublic = (path: string): boolean => !path.startsWith(".") && TYPES[extname(path)] !== undefined;

function filesOf(dist: string): Files {
  if (!existsSync(dist)) return new Set();
  return new Set(
    readdirSync(dist, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/")),
  );
}
