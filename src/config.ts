/**
 * Environment → one frozen Config, or every fault at once.
 *
 * A new field needs: a line in `readConfig`, its row in the README's table, and, where it is secret, a place in
 * `describe` that hides it.
 */
import { resolve } from "node:path";
import { parseMasterKey, type SealKey } from "./platform/crypto.ts";
import ipaddr from "ipaddr.js";

export interface Config {
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Without a slash at its end; what redirect_url and links begin with. */
  publicUrl: string;
  /** Null only with the embedded database: then a generated one is kept in the data folder. */
  masterKey: SealKey | null;
  apiKey: string | null;
  serverHash: string | null;
  webhookSecret: string | null;
  /** CIDRs of private receivers that may be reached. */
  allowNetworks: readonly string[];
  /** CIDRs of proxies whose X-Forwarded-* headers are believed. */
  trustedProxies: readonly string[];
  maxUploadBytes: number;
  maxPages: number;
  /** With user and password; null: no mail is sent. */
  smtpUrl: string | null;
  /** The sender of mail; set with `smtpUrl`, or neither is. */
  mailFrom: string | null;
  /** A JSON file of the banks that can be connected; absolute. Null: none but the sandbox bank. */
  providersFile: string | null;
  /** Whether the sandbox bank runs beside the server. */
  orion: boolean;
  /** Where it runs, or would: its issuer. */
  orionUrl: string;
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

export class ConfigError extends Error {
  override name = "ConfigError";
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n- ${faults.join("\n- ")}`,
    );
    this.faults = faults;
  }
}

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws ConfigError naming every fault. `cwd` is what a relative data folder is relative to. */
export function readConfig(variables: Variables, cwd: string): Config {
  const faults: string[] = [];
  const read = reader(variables, faults);
  const host = read.text("HOST") ?? "127.0.0.1";
  const port = read.integer("PORT", 8080, 1, 65_535);
  const databaseUrl = read.databaseUrl("DATABASE_URL");
  const config: Config = {
    port,
    host,
    databaseUrl,
    dataDir: resolve(cwd, read.text("BANKBELL_DATA_DIR") ?? "data"),
    publicUrl: (read.url("BANKBELL_PUBLIC_URL", ["http:", "https:"]) ?? defaultUrl(host, port)).replace(
      /\/+$/,
      "",
    ),
    masterKey: read.masterKey("BANKBELL_MASTER_KEY"),
    apiKey: read.credential("BANKBELL_API_KEY"),
    serverHash: read.credential("BANKBELL_SERVER_HASH"),
    webhookSecret: read.webhookSecret("BANKBELL_WEBHOOK_SECRET"),
    allowNetworks: read.networks("BANKBELL_ALLOW_NETWORKS") ?? (isLoopback(host) ? LOOPBACK : []),
    trustedProxies: read.networks("BANKBELL_TRUSTED_PROXIES") ?? [],
    maxUploadBytes: read.integer("BANKBELL_MAX_UPLOAD_MB", 20, 1, 512) * 1024 * 1024,
    maxPages: read.integer("BANKBELL_MAX_PAGES", 500, 1, 10_000),
    smtpUrl: read.url("BANKBELL_SMTP_URL", ["smtp:", "smtps:"]),
    mailFrom: read.text("BANKBELL_MAIL_FROM"),
    providersFile: read.path("BANKBELL_PROVIDERS", cwd),
    orion:
      read.oneOf("BANKBELL_ORION", ["on", "off"], databaseUrl === null && isLoopback(host) ? "on" : "off") ===
      "on",
    orionUrl: `http://127.0.0.1:${read.integer("BANKBELL_ORION_PORT", portBeside(port), 1, 65_535)}`,
    logLevel: read.oneOf("BANKBELL_LOG_LEVEL", LOG_LEVELS, "info"),
  };
  if (Boolean(read.text("BANKBELL_SMTP_URL")) !== (config.mailFrom !== null)) {
    faults.push("BANKBELL_SMTP_URL and BANKBELL_MAIL_FROM are set together, or neither is.");
  }
  if (databaseUrl !== null && !variables["BANKBELL_MASTER_KEY"]) {
    faults.push(
      "BANKBELL_MASTER_KEY is required with DATABASE_URL: 32 random bytes in base64, such as `openssl rand -base64 32` gives.",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** The same, fit for a log: what is secret shows only whether it is set. */
export function describeConfig(config: Config): Record<string, string | number | readonly string[]> {
  const shown = (value: unknown) => (value === null ? "unset" : "set");
  return {
    port: config.port,
    host: config.host,
    database: config.databaseUrl === null ? "embedded" : (URL.parse(config.databaseUrl)?.host ?? "given"),
    dataDir: config.dataDir,
    publicUrl: config.publicUrl,
    masterKeyGiven: shown(config.masterKey),
    apiKeyGiven: shown(config.apiKey),
    serverHashGiven: shown(config.serverHash),
    webhookSecretGiven: shown(config.webhookSecret),
    allowNetworks: config.allowNetworks,
    trustedProxies: config.trustedProxies,
    maxUploadBytes: config.maxUploadBytes,
    maxPages: config.maxPages,
    smtpGiven: shown(config.smtpUrl),
    mailFrom: config.mailFrom ?? "unset",
    providersFile: config.providersFile ?? "unset",
    orion: config.orion ? config.orionUrl : "off",
    logLevel: config.logLevel,
  };
}

/** True where only this machine can connect. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback";
}

/** Ten further, so that two servers on one machine have a sandbox bank each. */
const portBeside = (port: number): number => (port + 10 <= 65_535 ? port + 10 : port - 10);

function defaultUrl(host: string, port: number): string {
  const name = isLoopback(host) || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** Reads one variable each; a fault is noted and a harmless value returned, so that all faults are found. */
function reader(variables: Variables, faults: string[]) {
  const text = (name: string) => variables[name]?.trim() || null;
  return {
    text,
    path(name: string, cwd: string): string | null {
      const given = text(name);
      return given === null ? null : resolve(cwd, given);
    },
    integer(name: string, fallback: number, min: number, max: number): number {
      const given = text(name);
      if (given === null) return fallback;
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (value >= min && value <= max) return value;
      faults.push(`${name} is a whole number from ${min} to ${max}, not ${JSON.stringify(given)}.`);
      return fallback;
    },
    oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
      const given = text(name);
      if (given === null) return fallback;
      const value = values.find((one) => one === given);
      if (value === undefined)
        faults.push(`${name} is one of ${values.join(", ")}, not ${JSON.stringify(given)}.`);
      return value ?? fallback;
    },
    url(name: string, protocols: readonly string[]): string | null {
      const given = text(name);
      if (given === null) return null;
      if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given;
      // Its text is not repeated: a database URL holds a password.
      faults.push(`${name} is a URL that begins with ${protocols.map((p) => `${p}//`).join(" or ")}.`);
      return null;
    },
    /** Also `postgres://user@/db?host=/run/postgresql`, which PostgreSQL's own clients take and URL does not. */
    databaseUrl(name: string): string | null {
      const given = text(name);
      if (given === null || /^postgres(ql)?:\/\/./.test(given)) return given;
      faults.push(`${name} is a URL that begins with postgres:// or postgresql://.`);
      return null;
    },
    networks(name: string): string[] | null {
      const given = text(name);
      if (given === null) return null;
      const networks = given.split(/[\s,]+/).filter(Boolean);
      for (const network of networks) {
        if (!ipaddr.isValidCIDR(network))
          faults.push(`${name} lists networks such as 10.0.0.0/8, not ${JSON.stringify(network)}.`);
      }
      return networks;
    },
    masterKey(name: string): SealKey | null {
      const given = text(name);
      const key = given === null ? null : parseMasterKey(given);
      if (given !== null && key === null)
        faults.push(`${name} is 32 bytes in base64, or 64 hexadecimal digits.`);
      return key;
    },
    credential(name: string): string | null {
      const given = text(name);
      if (given !== null && !/^[\x21-\x7e]{8,200}$/.test(given)) {
        faults.push(`${name} is 8 to 200 visible characters without spaces (use at least 22 random ones).`);
      }
      return given;
    },
    webhookSecret(name: string): string | null {
      const given = text(name);
      if (given !== null && !isWebhookSecret(given)) {
        faults.push(`${name} is whsec_ followed by 24 to 64 bytes in base64.`);
      }
      return given;
    },
  };
}

function isWebhookSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = Buffer.from(text.slice("whsec_".length), "base64");
  return length >= 24 && length <= 64;
}
