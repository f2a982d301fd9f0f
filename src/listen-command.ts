/** `listen`: a local receiver that verifies each webhook with the SDK and prints it. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs, styleText } from "node:util";
import { verifyWebhook, WebhookVerificationError, type VerifyFault } from "../sdk/verify-webhook.ts";
import type { ExitCode, Io } from "./main.ts";

export interface ReceivedWebhook {
  /** Empty where the sender gave none. */
  id: string;
  /** Null where there is no secret to verify it with. */
  verified: boolean | null;
  fault: VerifyFault | null;
  /** Parsed, or the text where it is not JSON. */
  event: unknown;
  headers: Record<string, string>;
}

export interface ReceiverOptions {
  /** 0 takes any free port. */
  port: number;
  /** `whsec_…`; null verifies nothing. */
  secret: string | null;
  onWebhook(webhook: ReceivedWebhook): void;
}

export interface WebhookReceiver {
  /** What to register as webhook_url. */
  url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 4 * 1024 * 1024;
const DEFAULT_PORT = 4567;
const USAGE = "Usage: bankbell listen [--port N] [--secret whsec_…]\n";

/** Listens on loopback. Answers 200, 401 to what does not verify, 405 to anything but POST, 413 to what is too big. */
export async function startReceiver(options: ReceiverOptions): Promise<WebhookReceiver> {
  const server = createServer((request, response) => void answer(request, response, options));
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${taken}/webhook`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiverOptions,
): Promise<void> {
  const received = await receive(request, options.secret);
  const status = typeof received === "number" ? received : received.verified === false ? 401 : 200;
  response.writeHead(status, { "content-type": "text/plain" }).end(status === 200 ? "ok\n" : "no\n");
  if (typeof received !== "number") options.onWebhook(received);
}

/** Or the status to answer with. */
async function receive(request: IncomingMessage, secret: string | null): Promise<ReceivedWebhook | number> {
  if (request.method !== "POST") return 405;
  const body = await read(request);
  if (!body) return 413;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  const id = headers["webhook-id"] ?? "";
  const unverified = { id, fault: null, event: parsed(body.toString()), headers };
  if (secret === null) return { ...unverified, verified: null };
  try {
    return { ...unverified, event: verifyWebhook(body, headers, secret).event, verified: true };
  } catch (error) {
    const fault = error instanceof WebhookVerificationError ? error.fault : "body";
    return { ...unverified, verified: false, fault };
  }
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    // The sender hung up: nobody is there to be answered.
    return null;
  }
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Runs until SIGINT or SIGTERM. Wrong usage is 2, a taken port 1. */
export async function runListen(
  argv: string[],
  io: Pick<Io, "stdout" | "stderr" | "env">,
): Promise<ExitCode> {
  const wanted = readArguments(argv, io.env);
  if (typeof wanted === "string") {
    io.stderr.write(`${wanted}\n\n${USAGE}`);
    return 2;
  }
  let receiver: WebhookReceiver;
  try {
    receiver = await startReceiver({
      ...wanted,
      onWebhook: (webhook) => io.stdout.write(describeWebhook(webhook, io.stdout)),
    });
  } catch (error) {
    io.stderr.write(`Port ${wanted.port} cannot be listened on: ${String(error)}\n`);
    return 1;
  }
  io.stdout.write(
    `Listening on ${receiver.url}${wanted.secret === null ? ", verifying nothing: give --secret" : ""}\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await receiver.close();
  return 0;
}

/** What is wrong, in words, where anything is. */
function readArguments(
  argv: string[],
  env: NodeJS.ProcessEnv,
): { port: number; secret: string | null } | string {
  let values: { port?: string; secret?: string };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: { port: { type: "string" }, secret: { type: "string" } },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return "--port is a number from 0 to 65535.";
  const secret = values.secret ?? env["BANKBELL_WEBHOOK_SECRET"] ?? "";
  if (secret !== "" && !/^whsec_[A-Za-z0-9+/=]{32,}$/.test(secret)) return "--secret is whsec_ and base64.";
  return { port, secret: secret === "" ? null : secret };
}

/** A few lines for people: what came, whether it verifies, and the body. Coloured where the stream is a terminal. */
export function describeWebhook(webhook: ReceivedWebhook, stream: NodeJS.WriteStream): string {
  const colour = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream });
  const type = eventName(webhook.event);
  const verdict =
    webhook.verified === null
      ? colour("yellow", "not verified: no secret given")
      : webhook.verified
        ? colour("green", "signature verified")
        : colour("red", `NOT VERIFIED (${webhook.fault ?? ""})`);
  const body = typeof webhook.event === "string" ? webhook.event : JSON.stringify(webhook.event, null, 2);
  return `\n${colour("bold", type)}  ${webhook.id}  ${verdict}\n${body.replaceAll(/^/gm, "  ")}\n`;
}

/** `event_name` of BankConnect bodies, `type` of the open-banking envelope. */
function eventName(event: unknown): string {
  if (typeof event !== "object" || event === null) return "webhook";
  for (const key of ["event_name", "type"]) {
    const name: unknown = Reflect.get(event, key);
    if (typeof name === "string") return name;
  }
  return "webhook";
}
