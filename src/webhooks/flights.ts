/** Deliveries between claim and settle: each is sent, its result is offered, and the chain's next comes back leased. */
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../platform/clock.ts";
import type { Outgoing } from "../platform/outgoing.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Database } from "../store/connect.ts";
import { release, type Claimed } from "../store/queue.ts";
import type { AttemptDetail, Settlement } from "../store/settle.ts";
import { holdSeconds, isBusy, nextStep, type Next } from "./backoff.ts";
import type { EndpointBook, Receiver } from "./endpoint-book.ts";
import type { Health } from "./health.ts";
import type { Lanes, Place } from "./lanes.ts";
import { DELIVERIES, stopEndpoint } from "./pausing.ts";
import { send, type Message, type Sent } from "./sender.ts";
import { createSettler, type Result } from "./settling.ts";

export interface FlightOptions {
  database: Database;
  book: EndpointBook;
  lanes: Lanes;
  outgoing: Outgoing;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  random: () => number;
  leaseMs: number;
  health: Pick<Health, "note" | "resume">;
  /** Places were given back. */
  roomFreed(): void;
  /** Waits a moment for a fuller batch where much is under way. */
  company(): Promise<void>;
}

export interface Flights {
  /** Takes heads that were leased at `leasedAt` (performance.now()). Throws where no endpoint could be loaded. */
  start(claimed: readonly Claimed[], leasedAt: number, kind?: Kind): Promise<void>;
  /** Called ten times a second: who is under way for long no longer counts as quick. */
  slowDown(): void;
  finish(graceMs: number): Promise<void>;
}

type Sendable = Claimed & Message;

/** A probe is one event for a paused endpoint, to see whether it is back: success resumes it. */
type Kind = "claimed" | "successor" | "probe";

interface Flight {
  kind: Kind;
  claimed: Claimed;
  receiver: Receiver;
  place: Place;
  leasedAt: number;
  sentAt: number;
}

type Landing = Result & { place: Place };

const SLOW_MS = 250;
/** Of a lease, for the whole attempt at most: 36 s of 60, more than the longest time-out. */
const ATTEMPT_SHARE = 0.6;
/** Of a lease, for settling. */
const LEASE_MARGIN_MS = 5000;

export function createFlights(options: FlightOptions): Flights {
  const { database, book, lanes, log, leaseMs } = options;
  const underway = createUnderway(lanes);
  let finishing = false;
  let abandoned = false;

  const settler = createSettler<Landing>({
    db: database.pool,
    leaseMs,
    log,
    metrics: options.metrics,
    landed(landings) {
      for (const { place, settlement } of landings) lanes.give(place, isAnswered(settlement));
      options.roomFreed();
    },
    successors: (next, leasedAt) => start(next, leasedAt, "successor"),
    company: () => options.company(),
  });

  async function start(claimed: readonly Claimed[], leasedAt: number, kind: Kind = "claimed"): Promise<void> {
    if (claimed.length === 0) return;
    const receivers = await book.receivers(new Map(claimed.map((head) => [head.endpointId, head.version])));
    const back: Claimed[] = [];
    // A process that slept between claim and here sends nothing that another may be sending now.
    const tooLate = performance.now() - leasedAt > leaseMs * (1 - ATTEMPT_SHARE) - marginOf(leaseMs);
    for (const head of claimed) {
      const receiver = receivers.get(head.endpointId);
      if (!receiver || finishing || tooLate || !mayStart(head, receiver, kind)) back.push(head);
      else take(head, receiver, leasedAt, kind);
    }
    if (back.length > 0) await release(database.pool, back);
  }

  const mayStart = (head: Claimed, receiver: Receiver, kind: Kind) =>
    kind === "probe" || lanes.admits(head, head.attempt > 0, receiver, kind === "successor");

  function take(claimed: Claimed, receiver: Receiver, leasedAt: number, kind: Kind): void {
    const place = lanes.take(claimed, claimed.attempt > 0, receiver.maxInFlight);
    const flight: Flight = { kind, claimed, receiver, place, leasedAt, sentAt: performance.now() };
    if (!isSendable(claimed)) {
      log.warn({ event_id: claimed.eventId, endpoint: receiver.publicId }, "an erased event was withdrawn");
      const history = notMade(receiver, options.clock(), "erased");
      return offer(flight, { claimed, outcome: "failed", dueIn: null, history });
    }
    underway.add(flight);
    void attempt(flight, claimed);
  }

  async function attempt(flight: Flight, claimed: Sendable): Promise<void> {
    const { sent, step } = await makeAttempt(options, flight.receiver, claimed);
    if (abandoned) return;
    underway.remove(flight);
    // At once: until it is settled, others of the endpoint would be sent.
    if (isBusy(sent.history.status)) lanes.busy(flight.place, holdSeconds(sent.retryAfter, options.clock()));
    offer(flight, await judged(options, flight, sent, step));
  }

  function offer({ leasedAt, place }: Flight, settlement: Settlement): void {
    const landing: Landing = { settlement, leasedAt, place };
    settler.offer(landing);
  }

  return {
    start,
    slowDown() {
      if (underway.slowDown(performance.now() - SLOW_MS)) options.roomFreed();
    },
    async finish(graceMs) {
      finishing = true;
      const deadline = performance.now() + graceMs;
      while (performance.now() < deadline && lanes.inFlight > 0) await pause(10);
      abandoned = true;
      const left = underway.claims();
      if (left.length > 0) await release(database.pool, left);
      await settler.finish();
    },
  };
}

/** What is being sent, oldest first. */
function createUnderway(lanes: Lanes) {
  const sending = new Set<Flight>();
  const quick = new Set<Flight>();
  return {
    add(flight: Flight) {
      sending.add(flight);
      quick.add(flight);
    },
    remove(flight: Flight) {
      sending.delete(flight);
      quick.delete(flight);
    },
    claims: () => [...sending].map(({ claimed }) => claimed),
    /** True where any was sent before that moment and counted as quick. */
    slowDown(before: number): boolean {
      let any = false;
      for (const flight of quick) {
        if (flight.sentAt > before) break;
        quick.delete(flight);
        lanes.slow(flight.place);
        any = true;
      }
      return any;
    },
  };
}

async function makeAttempt(
  { outgoing, clock, random, log, leaseMs }: FlightOptions,
  receiver: Receiver,
  claimed: Sendable,
): Promise<{ sent: Sent; step: Next }> {
  const at = clock();
  const timeoutMs = Math.min(receiver.timeoutMs, leaseMs * ATTEMPT_SHARE);
  let sent: Sent;
  try {
    sent = await send(outgoing, { ...receiver, timeoutMs }, claimed, at);
  } catch (error) {
    log.error({ err: error, endpoint: receiver.publicId }, "an attempt could not be made");
    sent = { history: notMade(receiver, at), retryAfter: null };
  }
  const step = nextStep({
    status: sent.history.status,
    retryAfter: sent.retryAfter,
    attempt: claimed.attempt + 1,
    schedule: receiver.schedule,
    now: clock(),
    random: random(),
  });
  return { sent, step };
}

async function disable(
  { database, log, clock }: FlightOptions,
  receiver: Receiver,
  reason: string,
): Promise<void> {
  try {
    const change = { status: "disabled", reason, actor: DELIVERIES, now: clock() } as const;
    await stopEndpoint(database.kysely, receiver, change);
  } catch (error) {
    // The next attempt is answered 410 again.
    log.warn({ err: error, endpoint: receiver.publicId }, "an endpoint could not be disabled");
  }
}

/** What the attempt says of the endpoint is noted; what it says of the delivery is answered. */
async function judged(options: FlightOptions, flight: Flight, sent: Sent, step: Next): Promise<Settlement> {
  const { claimed, receiver } = flight;
  tellAttempt(options, flight, sent, step);
  if (step.kind === "disable") await disable(options, receiver, step.reason);
  if (flight.kind === "probe") return probed(options, flight, sent, step);
  // Stopped by us: it says nothing of the receiver.
  if (sent.history.error !== "stopped") {
    options.health.note(receiver, step.kind === "delivered", sent.history.at);
  }
  return settlementOf(claimed, sent, step);
}

/** A probe that fails uses up no retry: nothing is given up while the endpoint is paused. */
async function probed(
  { health, log }: FlightOptions,
  { claimed, receiver }: Flight,
  sent: Sent,
  step: Next,
): Promise<Settlement> {
  const settlement = settlementOf(claimed, sent, step);
  if (step.kind !== "delivered") {
    const dueIn = settlement.dueIn ?? receiver.schedule.at(-1) ?? 0;
    return { ...settlement, outcome: "failed", dueIn, uncounted: true };
  }
  try {
    await health.resume(receiver);
  } catch (error) {
    log.warn(
      { err: error, endpoint: receiver.publicId },
      "an endpoint could not be resumed; the next probe tries",
    );
  }
  return settlement;
}

/** Tests lease for a moment only. */
const marginOf = (leaseMs: number) => Math.min(LEASE_MARGIN_MS, leaseMs / 4);

const isSendable = (claimed: Claimed): claimed is Sendable =>
  claimed.body !== null && claimed.publicId !== null;

/** Null where nothing was sent. */
const isAnswered = ({ claimed, history }: Settlement): boolean | null =>
  history && isSendable(claimed) ? history.status !== null : null;

function settlementOf(claimed: Claimed, { history }: Sent, step: Next): Settlement {
  switch (step.kind) {
    case "delivered":
      return { claimed, outcome: "delivered", dueIn: null, history };
    case "exhausted":
      return { claimed, outcome: "exhausted", dueIn: null, history };
    case "retry":
    case "disable":
      return { claimed, outcome: "failed", dueIn: step.afterSeconds, history };
  }
}

function notMade(receiver: Receiver, now: Temporal.Instant, error = "failed"): AttemptDetail {
  return {
    at: now,
    status: null,
    error,
    address: null,
    dnsUs: null,
    tlsUs: null,
    connectUs: null,
    firstByteUs: null,
    totalUs: 0,
    requestHeaders: {},
    responseHeaders: null,
    responseBody: Buffer.alloc(0),
    retention: receiver.retention,
  };
}

/** One wide event per attempt: no body, no secret, the URL's query masked. */
function tellAttempt({ log, metrics }: FlightOptions, flight: Flight, { history }: Sent, step: Next): void {
  const { claimed, receiver } = flight;
  const outcome = step.kind === "delivered" || step.kind === "exhausted" ? step.kind : "failed";
  const ageMs = history.at.epochMilliseconds + history.totalUs / 1000 - claimed.eventAtMs;
  metrics.attempts.inc({ outcome });
  if (outcome === "delivered") metrics.deliverySeconds.observe(Math.max(0, ageMs) / 1000);
  const level = outcome === "delivered" ? "info" : "warn";
  log[level](
    {
      endpoint: receiver.publicId,
      delivery: claimed.publicId,
      type: claimed.type,
      resource: claimed.resource,
      attempt: claimed.attempt + 1,
      outcome,
      status: history.status,
      reason: history.error,
      retry_in: "afterSeconds" in step ? Math.round(step.afterSeconds) : null,
      url: receiver.maskedUrl,
      peer: history.address,
      connect_us: history.connectUs,
      first_byte_us: history.firstByteUs,
      total_us: history.totalUs,
      age_ms: Math.round(ageMs),
    },
    "delivery attempt",
  );
}
