/**
 * Logs and metrics. One wide event per receipt and per attempt; secrets and personal data are redacted by path,
 * and never handed to the logger in the first place.
 */
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export type Log = Logger;
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** What must not be read in a log, wherever it turns up. */
const SECRET_KEYS = [
  "authorization",
  "x-api-key",
  "server-hash",
  "x-secret-key",
  "api_key",
  "apiKey",
  "serverHash",
  "password",
  "pdf_password",
  "secret",
  "webhookSecret",
  "masterKey",
  "dataKey",
  "account_number",
  "accountNumber",
  "name",
  "address",
  "mobile_number",
  "description",
];

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const paths = SECRET_KEYS.flatMap((key) => {
    const at = /^\w+$/.test(key) ? `.${key}` : `["${key}"]`;
    return [at.replace(/^\./, ""), `*${at}`, `*.*${at}`];
  });
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
    serializers: { err: errorFields },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Nothing else of an error: pg hangs its whole client on one, with the key that cancels its queries. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause instanceof Error ? { cause: errorFields(error.cause) } : {};
  return { type: error.name, message: error.message, code, stack: error.stack, ...cause };
}

export interface Metrics {
  registry: Registry;
  httpSeconds: Histogram<"method" | "route" | "status">;
  extractionSeconds: Histogram<"outcome">;
  extractedPages: Counter;
  attempts: Counter<"outcome">;
  deliverySeconds: Histogram;
  queueDepth: Gauge;
  queueOldestDueSeconds: Gauge;
}

/** A registry of its own per process part, so that tests do not share counters. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: "bankbell_http_request_seconds",
      help: "Time to answer a request.",
      labelNames: ["method", "route", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    extractionSeconds: new Histogram({
      name: "bankbell_extraction_seconds",
      help: "Time from bytes to statements, by outcome (ok or the error's code).",
      labelNames: ["outcome"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    extractedPages: new Counter({ name: "bankbell_extracted_pages_total", help: "Pages read.", registers }),
    attempts: new Counter({
      name: "bankbell_delivery_attempts_total",
      help: "Delivery attempts by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    deliverySeconds: new Histogram({
      name: "bankbell_delivery_seconds",
      help: "From the event's recording to its accepted delivery.",
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600],
      registers,
    }),
    queueDepth: new Gauge({ name: "bankbell_queue_depth", help: "Deliveries waiting.", registers }),
    queueOldestDueSeconds: new Gauge({
      name: "bankbell_queue_oldest_due_seconds",
      help: "Age of the oldest delivery that is due and not yet attempted; 0 when there is none.",
      registers,
    }),
  };
}
