/**
 * Who may have how many deliveries in flight. No clock, no database: the dispatcher tells what happens.
 *
 * An endpoint has two lanes, first attempts and retries, under one cap, which starts at 1, doubles with each answer
 * up to the endpoint's own and falls back to 1 when none comes. Endpoints that have answered last time are *proven*;
 * all others share a quarter of the room, so that a thousand hanging endpoints cannot keep a good one waiting. A
 * request that takes longer than a moment no longer counts as *quick*: it frees its place for others.
 */
import type { Lane } from "../store/events.ts";
import type { LaneAsk } from "../store/queue.ts";

export interface LaneLimits {
  /** Quick requests at once, in all. */
  quick: number;
  /** Requests at once, slow ones included. */
  all: number;
  /** Lanes in one claim. */
  lanesPerClaim: number;
  /** Milliseconds that only grow, for rates. */
  now?: () => number;
}

/** This process among those that deliver. */
export interface Standing {
  /** How many there are, this one included. */
  live: number;
  /** 0 to live - 1, different for each. */
  rank: number;
  /** Grows by one each minute: what does not divide goes round, so that no endpoint hangs on one process. */
  turn: number;
}

/** What an endpoint's row says of its lane. */
export interface Terms {
  /** In flight at most, over all processes. */
  maxInFlight: number;
  /** Requests per second, over all processes; null is no limit. */
  rateLimit: number | null;
  statusSince: Temporal.Instant;
}

/** A place in flight: taken by a claim, given back when its result is settled. */
export interface Place {
  readonly lane: LaneState;
  readonly retry: boolean;
  /** What it counts as among the quick; null once it is slow. */
  quick: "proven" | "unproven" | null;
}

interface LaneState extends Lane {
  due: { first: boolean; retry: boolean };
  running: { first: number; retry: number };
  cap: number;
  most: number;
  proven: boolean;
  /** The last single place went to a retry: the next goes to a first attempt. */
  lastWasRetry: boolean;
  /** Epoch milliseconds of the status that it was learnt with; a later one starts it anew. */
  since: number | null;
  /** A bucket of requests that refills at the endpoint's rate. */
  rate: number | null;
  tokens: number;
  filledAt: number;
}

export interface Lanes {
  /** Something may be due there. */
  mark(lane: Lane, retry: boolean): void;
  /**
   * What to claim now, at most the room that there is. It clears the marks of what it asks: whoever gets all it
   * asked for is marked again by the caller, and a mark that comes while the claim is under way is not lost.
   */
  asks(): LaneAsk[];
  take(lane: Lane, retry: boolean, most: number): Place;
  /**
   * Whether a claimed head may be sent now; before `take`. After a pause the cap is 1 again whatever was asked for, and a
   * chain's next, which nobody asked for, keeps the rate. Where it may not, it stays marked as due.
   */
  admits(lane: Lane, retry: boolean, terms: Terms, isSuccessor: boolean): boolean;
  stand(standing: Standing): void;
  /** Something due was held back by a rate alone: ask again in a moment. */
  readonly limited: boolean;
  /** It has taken a moment: it no longer counts among the quick. */
  slow(place: Place): void;
  /** `answered`: null where nothing was sent. */
  give(place: Place, answered: boolean | null): void;
  readonly inFlight: number;
}

/** More than these that do nothing are forgotten. */
const MOST_IDLE = 20_000;

export function createLanes(limits: LaneLimits): Lanes {
  /** Insertion order is turn order: whoever was served goes to the end. */
  const due = new Set<LaneState>();
  const quick = { proven: 0, unproven: 0 };
  let all = 0;
  let limited = false;
  let standing: Standing = { live: 1, rank: 0, turn: 0 };
  const now = limits.now ?? (() => performance.now());
  const unprovenRoom = Math.max(1, Math.floor(limits.quick / 4));

  const stateOf = createStates(due);

  function slow(place: Place): void {
    if (place.quick) quick[place.quick]--;
    place.quick = null;
  }

  return {
    get inFlight() {
      return all;
    },
    mark(lane, retry) {
      markDue(due, stateOf(lane), retry);
    },
    get limited() {
      return limited;
    },
    stand(found) {
      standing = found;
    },
    admits(lane, retry, terms, isSuccessor) {
      const state = stateOf(lane);
      learn(state, terms, now());
      const isFull = !isSuccessor && freeOf(state, standing) <= 0;
      if (!isFull && tokensOf(state, standing, now()) >= 1) return true;
      markDue(due, state, retry);
      limited ||= !isFull;
      return false;
    },
    asks() {
      const free = {
        room: Math.min(limits.quick - quick.proven - quick.unproven, limits.all - all),
        unproven: unprovenRoom - quick.unproven,
        lanes: limits.lanesPerClaim,
        now: now(),
      };
      const found = asksOf(due, free, standing);
      limited = found.isLimited;
      for (const ask of found.asks) unmark(due, stateOf(ask), ask.retry);
      return found.asks;
    },
    take(lane, retry, most) {
      const state = stateOf(lane);
      state.most = most;
      if (state.rate !== null) state.tokens--;
      state.running[retry ? "retry" : "first"]++;
      all++;
      const place: Place = { lane: state, retry, quick: state.proven ? "proven" : "unproven" };
      quick[state.proven ? "proven" : "unproven"]++;
      return place;
    },
    slow,
    give(place, answered) {
      const { lane, retry } = place;
      slow(place);
      all--;
      lane.running[retry ? "retry" : "first"]--;
      if (isDue(lane)) due.add(lane);
      if (answered !== null) heard(lane, answered);
    },
  };
}

const newLane = (envId: number, endpointId: number): LaneState => ({
  envId,
  endpointId,
  due: { first: false, retry: false },
  running: { first: 0, retry: 0 },
  cap: 1,
  most: 8,
  proven: false,
  lastWasRetry: false,
  since: null,
  rate: null,
  tokens: 1,
  filledAt: 0,
});

/** This process's part of an endpoint's places: together the parts are the whole. */
export function shareOf(most: number, { live, rank, turn }: Standing, endpointId: number): number {
  const part = Math.floor(most / live);
  return part + ((rank + endpointId + turn) % live < most % live ? 1 : 0);
}

const freeOf = (lane: LaneState, standing: Standing): number =>
  Math.min(lane.cap, shareOf(lane.most, standing, lane.endpointId)) - lane.running.first - lane.running.retry;

function learn(lane: LaneState, { maxInFlight, rateLimit, statusSince }: Terms, now: number): void {
  const since = statusSince.epochMilliseconds;
  if (lane.since !== null && lane.since !== since) {
    lane.cap = 1;
    lane.proven = false;
  }
  lane.since = since;
  lane.most = maxInFlight;
  if (lane.rate === rateLimit) return;
  lane.rate = rateLimit;
  lane.tokens = 1;
  lane.filledAt = now;
}

/** A quarter of a second's requests may come at once, and always one. */
const BURST_S = 0.25;

function tokensOf(lane: LaneState, { live }: Standing, now: number): number {
  if (lane.rate === null) return Infinity;
  const perSecond = lane.rate / live;
  const filled = lane.tokens + ((now - lane.filledAt) / 1000) * perSecond;
  lane.tokens = Math.min(Math.max(1, perSecond * BURST_S), filled);
  lane.filledAt = now;
  return lane.tokens;
}

interface Free {
  /** Places in all, and the part of them that lanes may have which did not answer last time. */
  room: number;
  unproven: number;
  lanes: number;
  now: number;
}

/** In turn, until the room is gone. */
function asksOf(
  due: Set<LaneState>,
  free: Free,
  standing: Standing,
): { asks: LaneAsk[]; isLimited: boolean } {
  const asks: LaneAsk[] = [];
  let { room, unproven } = free;
  let isLimited = false;
  for (const lane of due) {
    if (room <= 0 || asks.length >= free.lanes) break;
    const places = freeOf(lane, standing);
    // Full: it comes back when a place is given back, or when its turn of another minute's sweep comes.
    if (places <= 0) due.delete(lane);
    const tokens = Math.floor(tokensOf(lane, standing, free.now));
    if (places > 0 && tokens < 1) isLimited = true;
    for (const ask of roomOf(lane, Math.min(places, tokens, lane.proven ? room : Math.min(room, unproven)))) {
      asks.push(ask);
      room -= ask.room;
      if (!lane.proven) unproven -= ask.room;
    }
  }
  return { asks, isLimited };
}

/** Retries get at most half of an endpoint's places, and of a single one every other turn. */
function roomOf(lane: LaneState, room: number): LaneAsk[] {
  const { envId, endpointId, due, running, cap } = lane;
  if (room <= 0) return [];
  let forRetry = 0;
  if (due.retry) {
    if (!due.first) forRetry = room;
    else if (room === 1) forRetry = lane.lastWasRetry ? 0 : 1;
    else forRetry = Math.max(0, Math.min(room >> 1, Math.max(1, cap >> 1) - running.retry));
  }
  const forFirst = due.first ? room - forRetry : 0;
  lane.lastWasRetry = forFirst === 0;
  const asks: LaneAsk[] = [];
  if (forFirst > 0) asks.push({ envId, endpointId, retry: false, room: forFirst });
  if (forRetry > 0) asks.push({ envId, endpointId, retry: true, room: forRetry });
  return asks;
}

function createStates(due: ReadonlySet<LaneState>): (lane: Lane) => LaneState {
  const lanes = new Map<number, LaneState>();
  return ({ envId, endpointId }) => {
    const known = lanes.get(endpointId);
    if (known) return known;
    const made = newLane(envId, endpointId);
    if (lanes.size >= MOST_IDLE) forgetIdle(lanes, due);
    lanes.set(endpointId, made);
    return made;
  };
}

function heard(lane: LaneState, answered: boolean): void {
  lane.proven = answered;
  lane.cap = answered ? Math.min(lane.cap * 2, lane.most) : 1;
}

function markDue(due: Set<LaneState>, lane: LaneState, retry: boolean): void {
  lane.due[retry ? "retry" : "first"] = true;
  due.add(lane);
}

/** Asked: to the end of the queue, or out of it. */
function unmark(due: Set<LaneState>, lane: LaneState, retry: boolean): void {
  lane.due[retry ? "retry" : "first"] = false;
  due.delete(lane);
  if (isDue(lane)) due.add(lane);
}

const isDue = (lane: LaneState) => lane.due.first || lane.due.retry;

function forgetIdle(lanes: Map<number, LaneState>, due: ReadonlySet<LaneState>): void {
  for (const [id, lane] of lanes) {
    if (lane.running.first === 0 && lane.running.retry === 0 && !due.has(lane)) lanes.delete(id);
  }
}
