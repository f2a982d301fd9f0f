/** Texts to copy. Pure. */

export const KEY_PLACEHOLDER = "YOUR_API_KEY";
const HASH_PLACEHOLDER = "YOUR_SERVER_HASH";

export const sessionCall = (origin: string, key: string): string =>
  `curl ${origin}/bank-connect/v1/session/ \\
  -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"link_id":"customer-1","from_date":"01/01/2024","to_date":"31/03/2024"}'`;

export const uploadCall = (origin: string): string =>
  `curl '${origin}/bank-connect/v1/statement/upload_session/?identity=true' \\
  -H 'x-api-key: ${KEY_PLACEHOLDER}' \\
  -F session_id=SESSION_ID -F upload_type=PDF -F file=@statement.pdf

curl -X POST ${origin}/bank-connect/v1/session_data/SESSION_ID/initiate_processing/ \\
  -H 'x-api-key: ${KEY_PLACEHOLDER}' -H 'server-hash: ${HASH_PLACEHOLDER}'`;

export const VERIFY_NODE = `import { Webhook } from "standardwebhooks"; // npm install standardwebhooks

const webhook = new Webhook(process.env.BANKBELL_WEBHOOK_SECRET); // whsec_…

app.post("/webhooks", express.raw({ type: "application/json" }), (request, response) => {
  // Throws unless webhook-signature fits the body's exact bytes and the time is right.
  const event = webhook.verify(request.body, request.headers);
  if (seenBefore(request.headers["webhook-id"])) return response.sendStatus(200);
  queue(event);
  response.sendStatus(200);
});`;

export const VERIFY_PYTHON = `from standardwebhooks.webhooks import Webhook  # pip install standardwebhooks

webhook = Webhook(os.environ["BANKBELL_WEBHOOK_SECRET"])  # whsec_…

@app.post("/webhooks")
def receive():
    # Raises unless webhook-signature fits the body's exact bytes and the time is right.
    event = webhook.verify(request.get_data(), request.headers)
    if seen_before(request.headers["webhook-id"]):
        return "", 200
    queue(event)
    return "", 200`;

export const VERIFY_SHELL = `# The signature is HMAC-SHA256 over "<webhook-id>.<webhook-timestamp>.<body>",
# with the bytes behind whsec_ (Base64) as the key:
printf '%s.%s.%s' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP" "$BODY" |
  openssl dgst -sha256 -mac HMAC \\
    -macopt hexkey:$(printf %s "\${SECRET#whsec_}" | base64 -d | xxd -p -c 256) -binary | base64`;
