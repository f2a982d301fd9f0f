/** What happens once in a database's life: the sandbox organisation, and its keys on the terminal. */
import { randomBytes } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { isLoopback, type Config } from "./config.ts";
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

type Shown = Pick<Config, "publicUrl" | "host" | "allowNetworks" | "apiKey" | "serverHash" | "webhookSecret">;

/** Lines for a terminal: what was drawn is shown this once; each command works as printed. */
export function welcome(config: Shown, keys: FirstKeys): string {
  const shown = (given: string | null, drawn: string) => (given === null ? drawn : "as given");
  return `
Your sandbox keys, shown this once:

  API key         ${shown(config.apiKey, keys.apiKey)}
  server hash     ${shown(config.serverHash, keys.serverHash)}
  webhook secret  ${shown(config.webhookSecret, keys.webhookSecret)}
${isLoopback(config.host) ? tour(config, keys) : fromOutside(config)}`;
}

/** For a server that others can reach: what they need first. */
const fromOutside = ({ host }: Shown): string => `
HOST is ${host}, so others can reach this server. Two settings decide what works then:

  BANKBELL_TRUSTED_PROXIES  API calls must come by HTTPS: name the network of your TLS proxy.
  BANKBELL_ALLOW_NETWORKS   webhooks go to public addresses: name the private networks of your receivers.

The API reference is at /docs.
`;

/** The second terminal shows the webhooks. Keys that were given stand as variables: a log is no place for them. */
function tour({ publicUrl, ...given }: Shown, keys: FirstKeys): string {
  const api = `${publicUrl}/bank-connect/v1`;
  const apiKey = given.apiKey === null ? keys.apiKey : "$BANKBELL_API_KEY";
  const serverHash = given.serverHash === null ? keys.serverHash : "$BANKBELL_SERVER_HASH";
  const secret = given.webhookSecret === null ? keys.webhookSecret : "$BANKBELL_WEBHOOK_SECRET";
  const key = `-H "x-api-key: ${apiKey}"`;
  const both = `${key} -H "server-hash: ${serverHash}"`;
  const json = "-H 'content-type: application/json'";
  const range = `"from_date":"${SAMPLE.from}","to_date":"${SAMPLE.to}"`;
  const create = `curl -s ${api}/session/ ${key} ${json} -d '{"link_id":"first",${range}}'`;
  return `
Create a session:

${create} -w '\\n'

Or the whole way. In a second terminal, in this folder, start a receiver:

npm run -s bankbell -- listen --secret ${secret}

Then, in a third, tell Bankbell of it, and send a statement through a session:

curl -s ${api}/session_data/update_webhook/ ${both} ${json} -d '{"webhook_url":"http://localhost:4567/webhook","webhook_mode":1}' -w '\\n'
SESSION=$(${create} | sed 's/.*"session_id":"\\([^"]*\\)".*/\\1/')
curl -s "${api}/statement/upload_session/?identity=true" ${key} -F session_id=$SESSION -F upload_type=PDF -F file=@${SAMPLE.file} -w '\\n'
curl -s -X POST ${api}/session_data/$SESSION/initiate_processing/ ${both} -w '\\n'
sleep 1
curl -s ${api}/session_data/$SESSION/session_status/ ${both} -w '\\n'
curl -s ${api}/session_data/$SESSION/transactions/ ${both} | head -c 640
curl -s ${api}/session_data/$SESSION/xlsx_report/ ${both} -w '\\n'
`;
}
