/** The console over real HTTP: events, endpoints and attempts of the test's own making behind it. */
import type { Insertable } from "kysely";
import { recordEvent } from "../src/events/outbox.ts";
import { newId } from "../src/platform/ids.ts";
import type { Credentials } from "../src/store/environments.ts";
import type { Attempts, Retention, WebhookEndpoints } from "../src/store/schema.ts";
import { openHttp, type Answer, type Http } from "./http-setup.ts";

export interface Console {
  http: Http;
  /** `as`: whose key; null sends none. */
  ask: (path: string, options?: AskOptions) => Promise<Answer>;
  endpoint(wanted?: Partial<Insertable<WebhookEndpoints>>): Promise<{ id: number; publicId: string }>;
  record(wanted?: RecordOptions): Promise<{ id: bigint; publicId: string }>;
  attempt(
    wanted: Pick<Insertable<Attempts>, "endpoint_id" | "event_id"> & Partial<Insertable<Attempts>>,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface AskOptions {
  method?: string;
  json?: unknown;
  as?: Credentials | null;
}

export interface RecordOptions {
  resource?: string;
  subject?: string;
  type?: "ENRICHMENT_NOTIFICATION" | "SESSION_EXPIRY_NOTIFICATION";
  at?: string;
  retention?: Retention;
  envId?: number;
}

const AT = "2024-04-25T09:00:00Z";

export async function openConsole(): Promise<Console> {
  const http = await openHttp();
  const db = http.database.kysely;
  let recorded = 0;
  return {
    http,
    ask: (path, { as = http.credentials, ...options } = {}) =>
      http.call(`/console/api${path}`, {
        ...options,
        as: null,
        headers: as ? { authorization: `Bearer ${as.apiKey}`, "server-hash": as.serverHash } : {},
      }),
    async endpoint(wanted = {}) {
      const at = Temporal.Instant.from(AT);
      const { id, public_id } = await db
        .insertInto("webhook_endpoints")
        .values({
          env_id: http.envId,
          public_id: newId("wh"),
          format: "session",
          url: "https://hooks.example/a?key=hidden",
          status_since: at,
          created_at: at,
          updated_at: at,
          ...wanted,
        })
        .returning(["id", "public_id"])
        .executeTakeFirstOrThrow();
      return { id, publicId: public_id };
    },
    async record({ resource = "session:1", subject, type, at = AT, retention = 0, envId } = {}) {
      const n = ++recorded;
      const { eventId, publicId } = await recordEvent(db, {
        envId: envId ?? http.envId,
        key: `test:${n}`,
        type: type ?? "ENRICHMENT_NOTIFICATION",
        resource,
        subject: subject ?? null,
        retention,
        at: Temporal.Instant.from(at),
        bodies: () => ({ session: { n } }),
      });
      if (eventId === null || publicId === null) throw new Error("not recorded");
      return { id: eventId, publicId };
    },
    async attempt(wanted) {
      const at = Temporal.Instant.from(AT);
      await db
        .insertInto("attempts")
        .values({
          env_id: http.envId,
          event_at: at,
          resource: "session:1",
          attempt: 1,
          at,
          outcome: "delivered",
          total_us: 900,
          request_headers: "{}",
          retention: 30,
          ...wanted,
        })
        .execute();
      const q = db
        .deleteFrom("queue")
        .where("endpoint_id", "=", wanted.endpoint_id)
        .where("event_id", "=", wanted.event_id);
      if ((wanted.outcome ?? "delivered") !== "failed") await q.execute();
    },
    close: () => http.close(),
  };
}

export interface Page {
  data: Record<string, unknown>[];
  next: string | null;
}

/** Throws where the answer is not a page. */
export function pageOf({ status, body, text }: Answer): Page {
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body as Page;
}

/** Every page of a list, `between` each two of them. */
export async function allPages(
  { ask }: { ask: Console["ask"] },
  path: string,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor = ""; ;) {
    const page = pageOf(await ask(`${path}${cursor}`));
    rows.push(...page.data);
    if (page.next === null) return rows;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
    await between();
  }
}
