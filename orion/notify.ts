/** Event notifications: security event tokens, pushed with back-off to where the client listens, or kept to be polled. */
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Bank } from "./bank.ts";
import type { Client, Notification, Subscription } from "./types.ts";

export const EVENTS = "urn:uk:org:openbanking:events:";
export type EventName =
  | "resource-update"
  | "consent-authorization-revoked"
  | "account-access-consent-linked-account-update";

export interface Subject {
  id: string;
  /** The standard's resource type, such as `domestic-payment`. */
  type: string;
  /** Below the base of the Read/Write API. */
  path: string;
}

/** After so many refusals it is kept to be polled. */
const MOST_TRIES = 10;
const PUSH_TIMEOUT_MS = 5000;

/** Records it; the pusher picks it up by `bank.onNotification`. */
export function announce(bank: Bank, clientId: string, name: EventName, { id, type, path }: Subject): void {
  const client = bank.clients.get(clientId);
  if (!client) return;
  const event = EVENTS + name;
  const subscription = [...bank.subscriptions.values()].findLast((one) => one.clientId === clientId);
  if (subscription?.eventTypes && !subscription.eventTypes.includes(event)) return;
  const link = `${bank.url}/open-banking/v3.1${path}`;
  const jti = randomUUID();
  bank.notifications.set(jti, {
    jti,
    clientId,
    url: urlOf(client, subscription),
    claims: {
      iss: bank.url,
      iat: Math.floor(bank.realNow() / 1000),
      jti,
      aud: clientId,
      sub: link,
      txn: randomUUID(),
      toe: Math.floor(bank.realNow() / 1000),
      events: {
        [event]: {
          subject: {
            subject_type: "http://openbanking.org.uk/rid_http://openbanking.org.uk/rty",
            "http://openbanking.org.uk/rid": id,
            "http://openbanking.org.uk/rty": type,
            "http://openbanking.org.uk/rlk": [{ version: "3.1", link }],
          },
        },
      },
    },
  });
  bank.onNotification(jti);
}

/** A subscription without a callback asks to poll. */
const urlOf = (client: Client, subscription: Subscription | undefined): string | null =>
  subscription ? subscription.callbackUrl : client.event_notification_url;

/** Signed anew each time it is handed out; its `jti` and claims stay. */
export const signEvent = (bank: Bank, { claims }: Notification): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "PS256", kid: bank.key.kid, typ: "secevent+jwt" })
    .sign(bank.key.privateKey);

export interface Pusher {
  stop(): Promise<void>;
}

/** Pushes what there is and what comes, each on its own: at once, then after `retryMs`, twice that, and so on. */
export function startPusher(bank: Bank): Pusher {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();

  const later = (jti: string, tries: number, ms: number) => {
    if (stopped.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(jti);
      const run = push(jti, tries).finally(() => running.delete(run));
      running.add(run);
    }, ms);
    timers.set(jti, timer.unref());
  };

  const push = async (jti: string, tries: number): Promise<void> => {
    const notification = bank.notifications.get(jti);
    if (!notification || notification.url === null) return;
    const fault = await send(bank, notification, stopped.signal);
    if (stopped.signal.aborted) return;
    if (fault === null) return bank.notifications.delete(jti);
    bank.log({ jti, tries: tries + 1, fault }, "notification not taken");
    if (tries + 1 >= MOST_TRIES) bank.notifications.set(jti, { ...notification, url: null });
    else later(jti, tries + 1, bank.settings.retryMs * 2 ** tries);
  };

  bank.onNotification = (jti) => later(jti, 0, 0);
  for (const { jti } of bank.notifications.values()) later(jti, 0, 0);
  return {
    async stop() {
      stopped.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.allSettled(running);
    },
  };
}

/** What was wrong, or null where it was taken. */
async function send(bank: Bank, notification: Notification, stop: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(notification.url ?? "", {
      method: "POST",
      headers: { "content-type": "application/jwt", "x-fapi-interaction-id": randomUUID() },
      body: await signEvent(bank, notification),
      redirect: "error",
      signal: AbortSignal.any([stop, AbortSignal.timeout(PUSH_TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `answered ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : "unreachable";
  }
}
