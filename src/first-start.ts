/** What happens once in a database's life: the sandbox organisation, and its keys on the terminal. */
import { randomBytes } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { Config } from "./config.ts";
import type { SealKey } from "./platform/crypto.ts";
import { base62 } from "./platform/ids.ts";
import { countEnvironments, createEnvironment, type Credentials } from "./store/environments.ts";
import type { Schema } from "./store/schema.ts";

export interface FirstKeys extends Credentials {
  webhookSecret: string;
}

type GivenKeys = Pick<Config, "apiKey" | "serverHash" | "webhookSecret">;

/** What is not given is drawn: at least 190 random bits each. */
export function newKeys(given: GivenKeys): FirstKeys {
  return {
    apiKey: given.apiKey ?? `bk_sandbox_${base62(32)}`,
    serverHash: given.serverHash ?? base62(40),
    webhookSecret: given.webhookSecret ?? `whsec_${randomBytes(32).toString("base64")}`,
  };
}

/** Null where an organisation is there already. Any number of processes may start at once: one creates it. */
export async function firstStart(
  db: Kysely<Schema>,
  config: GivenKeys,
  master: SealKey,
  now: Temporal.Instant,
): Promise<FirstKeys | null> {
  if ((await countEnvironments(db)) > 0) return null;
  return db.transaction().execute(async (trx) => {
    await sql`lock table organisations in exclusive mode`.execute(trx);
    if ((await countEnvironments(trx)) > 0) return null;
    const keys = newKeys(config);
    const wanted = {
      organisation: "Sandbox",
      mode: "sandbox" as const,
      credentials: keys,
      webhookSecret: keys.webhookSecret,
    };
    await createEnvironment(trx, master, wanted, now);
    return keys;
  });
}

/** The sample statement that the printed lines upload, and the months that it covers. */
export const SAMPLE = { file: "examples/statement.pdf", from: "01/01/2024", to: "31/03/2024" };

/** Lines for a terminal. Each command works as printed; the second terminal shows the webhooks. */
export function welcome(publicUrl: string, keys: FirstKeys): string {
  const api = `${publicUrl}/bank-connect/v1`;
  const key = `-H ${quoted(`x-api-key: ${keys.apiKey}`)}`;
  const both = `${key} -H ${quoted(`server-hash: ${keys.serverHash}`)}`;
  const range = { from_date: SAMPLE.from, to_date: SAMPLE.to };
  const session = quoted(JSON.stringify({ api_key: keys.apiKey, link_id: "first", ...range }));
  return `
Your sandbox keys, shown this once:

  API key         ${keys.apiKey}
  server hash     ${keys.serverHash}
  webhook secret  ${keys.webhookSecret}

Create a session:

curl -s ${api}/session/ -H 'content-type: application/json' -d ${session}

Or the whole way. In a second terminal, in this folder, start a receiver:

npm run -s bankbell -- listen --secret ${keys.webhookSecret}

Then, in a third, tell Bankbell of it, and send a statement through a session:

curl -s ${api}/session_data/update_webhook/ ${both} -H 'content-type: application/json' -d '{"webhook_url":"http://localhost:4567/","webhook_mode":1}'
SESSION=$(curl -s ${api}/session/ -H 'content-type: application/json' -d ${session} | sed 's/.*"session_id":"\\([^"]*\\)".*/\\1/')
curl -s "${api}/statement/upload_session/?identity=true" ${key} -F session_id=$SESSION -F upload_type=PDF -F file=@${SAMPLE.file}
curl -s -X POST ${api}/session_data/$SESSION/initiate_processing/ ${both}
sleep 1
curl -s ${api}/session_data/$SESSION/session_status/ ${both}
`;
}

/** For a POSIX shell: keys that are given may hold anything visible. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
