/** People at the console: a browser's cookies and headers over real HTTP, without the browser. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { printableLink } from "../src/http/signin/first-owner.ts";
import type { MemberRole } from "../src/store/schema-signin.ts";
import { field, type Answer, type Http } from "./http-setup.ts";

export const PASSWORD = "correct horse battery";

export interface Visitor {
  /** The session's cookies, as `name=value; …`. */
  cookies(): string;
  /** A path below /console/api. */
  ask(path: string, options?: VisitOptions): Promise<Answer>;
}

export interface VisitOptions {
  method?: string;
  json?: unknown;
  headers?: Record<string, string>;
}

/** Sends what our pages send; keeps the cookies that come back. */
export function visitor(http: Http): Visitor {
  const jar = new Map<string, string>();
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    cookies,
    async ask(path, options = {}) {
      const headers: Record<string, string> = {
        "x-bankbell-console": "1",
        "x-bankbell-environment": "sandbox",
        "sec-fetch-site": "same-origin",
        ...(jar.size > 0 ? { cookie: cookies() } : {}),
        ...options.headers,
      };
      const answer = await http.call(`/console/api${path}`, { ...options, as: null, headers });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === "" || /max-age=0/i.test(cookie)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
  };
}

export function ok({ status, body, text }: Answer, wanted = 200): Record<string, unknown> {
  assert.equal(status, wanted, text);
  return body as Record<string, unknown>;
}

export function refused({ status, body, text }: Answer, wanted: number, code: string): void {
  assert.equal(status, wanted, text);
  assert.equal((body as { error: { code: string } }).error.code, code);
}

export async function firstToken(http: Http): Promise<string> {
  const link = await printableLink(http.database.kysely, "http://localhost", http.intake.clock());
  assert.ok(link);
  return new URL(link).hash.slice(1);
}

/** The owner of the test's first organisation, signed in. */
export async function firstOwner(http: Http, email = "meera@lender.example"): Promise<Visitor> {
  const owner = visitor(http);
  const json = {
    token: await firstToken(http),
    organisation: "Lender",
    name: "Meera Iyer",
    email,
    password: PASSWORD,
  };
  ok(await owner.ask("/first-owner", { json }), 201);
  return owner;
}

/** Invited by the owner, signed in. */
export async function member(http: Http, owner: Visitor, role: MemberRole, email: string): Promise<Visitor> {
  const { id } = ok(await owner.ask("/team/invitations", { json: { email, role } }), 201);
  const invited = visitor(http);
  const json = { account: { name: `A ${role}`, password: PASSWORD } };
  ok(await invited.ask(`/invitations/${String(id)}/accept`, { json }));
  return invited;
}

/** RFC 6238, as an authenticator app counts. */
export function totp(uri: string, seconds = Date.now() / 1000): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function fromBase32(text: string): Buffer {
  const bits = text
    .replace(/=+$/, "")
    .split("")
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export const idOf = (answer: Answer): string => field(answer.body, "id");
