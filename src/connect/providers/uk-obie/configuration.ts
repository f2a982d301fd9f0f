/** One entry of `BANKBELL_PROVIDERS` to a bank. Every fault is named, with where it stands; keys are never repeated. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { UkObieBank } from "./bank.ts";

const url = z.string().refine((text) => URL.canParse(text), "is not a URL");
const file = z.string().min(1);

/** Where nothing leaves the machine, the sandbox may speak plain HTTP. */
const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

const secureUrl = url.refine((text) => {
  const parsed = URL.parse(text);
  return parsed?.protocol === "https:" || (parsed?.protocol === "http:" && isLoopback(parsed.hostname));
}, "begins with https:// (http:// on this machine alone)");

export const ukObieEntry = z.strictObject({
  kind: z.literal("uk_obie"),
  id: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/, "is a slug such as natwest_bankline"),
  name: z.string().min(1).max(80),
  roles: z.array(z.enum(["ais", "pis"])).min(1),
  discovery_url: secureUrl,
  api_url: secureUrl,
  client_id: z.string().min(1).max(200),
  signing_key_file: file,
  signing_key_id: z.string().min(1).max(200),
  token_endpoint_auth_method: z.enum(["private_key_jwt", "tls_client_auth"]).default("private_key_jwt"),
  transport_certificate_file: file.optional(),
  transport_key_file: file.optional(),
  authorities_file: file.optional(),
  financial_id: z.string().max(100).optional(),
  jws: z.strictObject({ iss: z.string().min(1), tan: z.string().min(1).default("openbanking.org.uk") }),
  private_hosts: z.array(z.string().min(1)).default([]),
  logo_url: url.optional(),
  bg_colors: z.array(z.string().regex(/^#[0-9a-fA-F]{6}$/, "is a colour such as #1b2a49")).default([]),
  bank_names: z.array(z.string().min(1)).default([]),
});

export type UkObieEntry = z.output<typeof ukObieEntry>;

/** @param folder what the files' names are relative to; faults are added to `faults`, and null is answered */
export function readUkObieBank(
  given: unknown,
  folder: string,
  at: string,
  faults: string[],
): UkObieBank | null {
  const checked = ukObieEntry.safeParse(given);
  if (!checked.success) {
    for (const { path, message } of checked.error.issues)
      faults.push(`${at}${path.length > 0 ? ` ${path.join(".")}` : ""}: ${message}.`);
    return null;
  }
  const entry = checked.data;
  const before = faults.length;
  const name = `${at} (${entry.id})`;
  const read = (path: string | undefined, field: string): string | null =>
    path === undefined ? null : readText(resolve(folder, path), `${name} ${field}`, faults);
  const key = read(entry.signing_key_file, "signing_key_file");
  const signingKey = key === null ? null : privateKey(key, `${name} signing_key_file`, faults);
  if (signingKey && !isRsa2048(signingKey))
    faults.push(`${name} signing_key_file: an RSA key of 2048 bits or more is needed.`);
  const certificate = read(entry.transport_certificate_file, "transport_certificate_file");
  const transportKey = read(entry.transport_key_file, "transport_key_file");
  if ((certificate === null) !== (transportKey === null))
    faults.push(
      `${name}: transport_certificate_file and transport_key_file are set together, or neither is.`,
    );
  if (certificate !== null && transportKey !== null) checkPair(certificate, transportKey, name, faults);
  if (entry.token_endpoint_auth_method === "tls_client_auth" && certificate === null)
    faults.push(`${name}: tls_client_auth needs transport_certificate_file and transport_key_file.`);
  const ca = read(entry.authorities_file, "authorities_file");
  if (faults.length > before || !signingKey) return null;
  const identity =
    certificate !== null && transportKey !== null ? { cert: certificate, key: transportKey } : null;
  return bankOf(entry, { signingKey, identity, ca });
}

function bankOf(
  entry: UkObieEntry,
  { signingKey, identity, ca }: Pick<UkObieBank, "identity" | "ca"> & { signingKey: KeyObject },
): UkObieBank {
  return {
    id: entry.id,
    name: entry.name,
    roles: entry.roles,
    logoUrl: entry.logo_url ?? null,
    bgColors: entry.bg_colors,
    bankNames: entry.bank_names,
    discoveryUrl: entry.discovery_url,
    apiUrl: entry.api_url.replace(/\/+$/, ""),
    clientId: entry.client_id,
    signingKey,
    kid: entry.signing_key_id,
    tokenAuth: entry.token_endpoint_auth_method,
    identity,
    ca,
    financialId: entry.financial_id ?? null,
    jws: entry.jws,
    knownHosts: [new URL(entry.discovery_url).host, new URL(entry.api_url).host, ...entry.private_hosts],
  };
}

function readText(path: string, where: string, faults: string[]): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    faults.push(`${where}: ${path} cannot be read (${code}).`);
    return null;
  }
}

function privateKey(pem: string, where: string, faults: string[]): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    // The library's words may quote the key.
    faults.push(`${where}: is no private key in PEM without a password.`);
    return null;
  }
}

const isRsa2048 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;

function checkPair(certificate: string, key: string, name: string, faults: string[]): void {
  const pair = privateKey(key, `${name} transport_key_file`, faults);
  if (!pair) return;
  try {
    if (new X509Certificate(certificate).checkPrivateKey(pair)) return;
    faults.push(`${name}: transport_certificate_file is not of transport_key_file.`);
  } catch {
    // As above: in our words.
    faults.push(`${name} transport_certificate_file: is no certificate in PEM.`);
  }
}
