/**
 * Orion, the sandbox bank, as one more bank of the UK standard. What a bank's registration brings, it does by itself:
 * a key is made at the first start and kept, encrypted, in the data folder; Orion takes its public half over loopback.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open, seal, SealError, sha256, type SealKey } from "../../platform/crypto.ts";
import type { Outgoing } from "../../platform/outgoing.ts";
import type { UkObieBank } from "./uk-obie/index.ts";

const ID = "orion";
const CLIENT = "bankbell-sandbox";
const FILE = "orion-client.key";
const PLACE = { table: "files", column: FILE, row: ID };
const TIMEOUT_MS = 5000;

/** Not on the main thread: with a busy processor it takes seconds. */
const newKeyPair = promisify(generateKeyPair);

export interface OrionOptions {
  /** Its issuer, such as `http://127.0.0.1:8090`. */
  url: string;
  dataDir: string;
  master: SealKey;
}

export async function orionBank({ url, dataDir, master }: OrionOptions): Promise<UkObieBank> {
  const signingKey = await keptKey(dataDir, master);
  return {
    id: ID,
    name: "Orion",
    roles: ["ais", "pis"],
    logoUrl: null,
    bgColors: ["#1b2a49"],
    bankNames: [ID],
    discoveryUrl: `${url}/.well-known/openid-configuration`,
    apiUrl: `${url}/open-banking/v3.1`,
    clientId: CLIENT,
    signingKey,
    kid: kidOf(signingKey),
    tokenAuth: "private_key_jwt",
    identity: null,
    ca: null,
    financialId: null,
    jws: { iss: CLIENT, tan: "openbanking.org.uk" },
    knownHosts: [new URL(url).host],
  };
}

/** Answers how to say who we are: safe to repeat, for a sandbox forgets. */
export function orionRegistration(
  bank: UkObieBank,
  { url, publicUrl, outgoing }: { url: string; publicUrl: string; outgoing: Outgoing },
): () => Promise<void> {
  const { kty, n, e } = createPublicKey(bank.signingKey).export({ format: "jwk" });
  const body = JSON.stringify({
    client_id: bank.clientId,
    jwks: { keys: [{ kty, n, e, kid: bank.kid }] },
    redirect_uris: [`${publicUrl}/callback/${ID}`],
    event_notification_url: `${publicUrl}/providers/${ID}/event-notifications`,
    jws: bank.jws,
  });
  return async () => {
    // Its answer is not waited for beyond this: if it does not know us, the next request says so.
    await outgoing.send({
      url: `${url}/_sandbox/clients`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.from(body),
      timeoutMs: TIMEOUT_MS,
      bodyTimeoutMs: TIMEOUT_MS,
      keepBytes: 0,
      maxBytes: 64 * 1024,
      connections: 1,
      pool: "orion registration",
    });
  };
}

/** One that was sealed with another master key is of no use; the sandbox takes a new one as readily. */
async function keptKey(dataDir: string, master: SealKey): Promise<KeyObject> {
  const path = join(dataDir, FILE);
  const sealed = readIfThere(path);
  const kept = sealed && opened(master, sealed);
  if (kept) return createPrivateKey(kept.toString());
  const { privateKey } = await newKeyPair("rsa", { modulusLength: 2048 });
  const pem = Buffer.from(privateKey.export({ type: "pkcs8", format: "pem" }));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, seal(master, pem, PLACE), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return privateKey;
}

function opened(master: SealKey, sealed: Buffer): Buffer | null {
  try {
    return open(master, sealed, PLACE);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const kidOf = (key: KeyObject): string =>
  sha256(createPublicKey(key).export({ type: "spki", format: "der" }))
    .toString("base64url")
    .slice(0, 22);
