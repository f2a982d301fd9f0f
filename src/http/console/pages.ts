/** The console's pages at `/console`: one built app with routes of its own. */
import type { FastifyInstance } from "fastify";
import { serveWebApp, webDist } from "../web-files.ts";

/** Mantine writes its variables into style elements; scripts are files of ours alone. Nobody frames the console. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function consolePages(app: FastifyInstance): void {
  serveWebApp(app, { dist: webDist("console"), prefix: "/console", csp: () => POLICY, routes: true });
}
