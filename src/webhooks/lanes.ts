/**
 * Who may have how many deliveries in flight. No clock, no database: the dispatcher tells what happens.
 *
 * An endpoint has two lanes, first attempts and retries, under one cap, which starts at 1, doubles with each answer
 * up to the endpoint's own and falls back to 1 when none comes, or when the receiver asks for less: then it is *held* for
 * as long as that asks, and goes on from 1. Endpoints that have answered last time are *proven*; how much of the room
 * those may have that do not answer, or no longer, is the room's matter.
 */
import type { Lane } from "../store/events.ts";
import type { LaneAsk } from "../store/queue.ts";
import { createRoom, type Entry, type Room, type RoomLimits, type Trust } from "./room.ts";

export interface LaneLimits extends RoomLimits {
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
  /** Grows with each change of the row. */
  version: number;
}

/** A place in flight: taken by a claim, given back when its result is settled. */
export interface Place {
  readonly lane: LaneState;
  readonly retry: boolean;
  readonly entry: Entry;
  isSlow: boolean;
  /** Its answer asks for less. */
  isBusy: boolean;
}

interface LaneState extends Lane {
  due: { first: boolean; retry: boolean };
  running: { first: number; retry: number };
  cap: number;
  most: number;
  proven: boolean;
  /** The last crowd of the room that it answered promptly in, or before; 0 while one of its places is slow. */
  promptIn: number;
  /** Nothing is sent before; 0 is no hold. In milliseconds of `now`. */
  heldUntil: number;
  /** Of its endpoint, the newest that was seen. */
  version: number;
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
  /** Something may be due there. A new version of its endpoint ends a hold: another receiver, or a person's wish. */
  mark(lane: Lane, retry: boolean, version?: number): void;
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
  /** Its receiver asks for less, and for nothing more within so many seconds; before `give`. */
  busy(place: Place, seconds: number): void;
  /** `answered`: null where nothing was sent. */
  give(place: Place, answered: boolean | null): void;
  readonly inFlight: number;
}

/** More than these that do nothing are forgotten. */
const MOST_IDLE = 20_000;

export function createLanes(limits: LaneLimits): Lanes {
  /** Insertion order is turn order: whoever was served goes to the end. */
  const due = new Set<LaneState>();
  const room = createRoom(limits);
  let limited = false;
  let standing: Standing = { live: 1, rank: 0, turn: 0 };
  const now = limits.now ?? (() => performance.now());

  const stateOf = createStates(due, now);

  return {
    get inFlight() {
      return room.inFlight;
    },
    mark(lane, retry, version = 0) {
      const state = stateOf(lane);
      seeVersion(state, version);
      markDue(due, state, retry);
    },
    get limited() {
      return limited;
    },
    stand(found) {
      standing = found;
    },
    admits(lane, retry, terms, isSuccessor) {
      const state = stateOf(lane);
      const at = now();
      learn(state, terms, at);
      const isFull = state.heldUntil > at || (!isSuccessor && freeOf(state, standing) <= 0);
      if (!isFull && tokensOf(state, standing, at) >= 1) return true;
      markDue(due, state, retry);
      limited ||= !isFull;
      return false;
    },
    asks() {
      const found = asksOf(due, room, { standing, most: limits.lanesPerClaim, now: now() });
      limited = found.isLimited;
      for (const ask of found.asks) unmark(due, stateOf(ask), ask.retry);
      return found.asks;
    },
    take(lane, retry, most) {
      const state = stateOf(lane);
      state.most = most;
      if (state.rate !== null) state.tokens--;
      state.running[retry ? "retry" : "first"]++;
      const entry = state.proven ? "proven" : "unproven";
      room.enter(entry);
      return { lane: state, retry, entry, isSlow: false, isBusy: false };
    },
    slow(place) {
      if (place.isSlow) return;
      place.isSlow = true;
      place.lane.promptIn = 0;
      room.slow(place.entry);
    },
    busy(place, seconds) {
      place.isBusy = true;
      place.lane.cap = 1;
      if (seconds > 0) place.lane.heldUntil = Math.max(place.lane.heldUntil, now() + seconds * 1000);
    },
    give(place, answered) {
      const { lane, retry } = place;
      lane.running[retry ? "retry" : "first"]--;
      room.leave(place.entry, place.isSlow);
      if (isDue(lane)) due.add(lane);
      if (answered === null) return;
      heard(lane, answered, place.isBusy);
      if (answered && !place.isSlow) lane.promptIn = room.crowd;
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
  promptIn: 0,
  heldUntil: 0,
  version: 0,
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

function seeVersion(lane: LaneState, version: number): void {
  if (version <= lane.version) return;
  lane.version = version;
  lane.heldUntil = 0;
}

function learn(lane: LaneState, { maxInFlight, rateLimit, statusSince, version }: Terms, now: number): void {
  seeVersion(lane, version);
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

interface Turn {
  standing: Standing;
  /** Lanes at most. */
  most: number;
  now: number;
}

/** In turn, until the room is gone. */
function asksOf(
  due: Set<LaneState>,
  room: Room,
  { standing, most, now }: Turn,
): { asks: LaneAsk[]; isLimited: boolean } {
  const asks: LaneAsk[] = [];
  const free = room.free();
  let isLimited = false;
  for (const lane of due) {
    if (free.trusted <= 0 || asks.length >= most) break;
    const trust = trustOf(lane, room);
    const places = isHeld(lane, now) ? 0 : placesOf(lane, trust, standing);
    // Full or held: it comes back when a place is given back, or with a later sweep.
    if (places <= 0) due.delete(lane);
    const tokens = Math.floor(tokensOf(lane, standing, now));
    if (places > 0 && tokens < 1) isLimited = true;
    for (const ask of roomOf(lane, Math.min(places, tokens, free[trust]))) {
      asks.push(ask);
      free.trusted -= ask.room;
      free.doubted -= ask.room;
      free.unproven = Math.min(free.unproven - (trust === "unproven" ? ask.room : 0), free.doubted);
    }
  }
  return { asks, isLimited };
}

function trustOf(lane: LaneState, room: Room): Trust {
  if (!lane.proven) return "unproven";
  return room.isCrowded && lane.promptIn !== room.crowd ? "doubted" : "trusted";
}

function placesOf(lane: LaneState, trust: Trust, standing: Standing): number {
  const places = freeOf(lane, standing);
  return trust === "doubted" ? Math.min(places, 1 - lane.running.first - lane.running.retry) : places;
}

function isHeld(lane: LaneState, now: number): boolean {
  if (lane.heldUntil > now) return true;
  lane.heldUntil = 0;
  return false;
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

function createStates(due: ReadonlySet<LaneState>, now: () => number): (lane: Lane) => LaneState {
  const lanes = new Map<number, LaneState>();
  return ({ envId, endpointId }) => {
    const known = lanes.get(endpointId);
    if (known) return known;
    const made = newLane(envId, endpointId);
    if (lanes.size >= MOST_IDLE) forgetIdle(lanes, due, now());
    lanes.set(endpointId, made);
    return made;
  };
}

function heard(lane: LaneState, answered: boolean, isBusy: boolean): void {
  lane.proven = answered;
  // An answer to what was sent before the hold says nothing of what may be sent after it.
  const isWelcome = answered && !isBusy && lane.heldUntil === 0;
  lane.cap = isWelcome ? Math.min(lane.cap * 2, lane.most) : 1;
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

function forgetIdle(lanes: Map<number, LaneState>, due: ReadonlySet<LaneState>, now: number): void {
  for (const [id, lane] of lanes) {
    const isBusy = lane.running.first > 0 || lane.running.retry > 0 || lane.heldUntil > now;
    if (!isBusy && !due.has(lane)) lanes.delete(id);
  }
}
