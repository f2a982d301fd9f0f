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
  /** It has taken a moment: it no longer counts among the quick. */
  slow(place: Place): void;
  /** `answered`: null where nothing was sent. */
  give(place: Place, answered: boolean | null): void;
  readonly inFlight: number;
}

/** More than these that do nothing are forgotten. */
const MOST_IDLE = 20_000;

export function createLanes(limits: LaneLimits): Lanes {
  const lanes = new Map<number, LaneState>();
  /** Insertion order is turn order: whoever was served goes to the end. */
  const due = new Set<LaneState>();
  const quick = { proven: 0, unproven: 0 };
  let all = 0;
  const unprovenRoom = Math.max(1, Math.floor(limits.quick / 4));

  function stateOf({ envId, endpointId }: Lane): LaneState {
    const known = lanes.get(endpointId);
    if (known) return known;
    const made = newLane(envId, endpointId);
    if (lanes.size >= MOST_IDLE) forgetIdle(lanes, due);
    lanes.set(endpointId, made);
    return made;
  }

  function slow(place: Place): void {
    if (place.quick) quick[place.quick]--;
    place.quick = null;
  }

  return {
    get inFlight() {
      return all;
    },
    mark(lane, retry) {
      const state = stateOf(lane);
      state.due[retry ? "retry" : "first"] = true;
      due.add(state);
    },
    asks() {
      const room = Math.min(limits.quick - quick.proven - quick.unproven, limits.all - all);
      const asks = asksOf(due, room, unprovenRoom - quick.unproven, limits.lanesPerClaim);
      for (const ask of asks) {
        const lane = stateOf(ask);
        lane.due[ask.retry ? "retry" : "first"] = false;
        due.delete(lane);
        if (isDue(lane)) due.add(lane);
      }
      return asks;
    },
    take(lane, retry, most) {
      const state = stateOf(lane);
      state.most = most;
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
      if (answered === null) return;
      lane.proven = answered;
      lane.cap = answered ? Math.min(lane.cap * 2, lane.most) : 1;
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
});

/** In turn, until the room is gone. `unproven` is the part of it that lanes may have which did not answer last time. */
function asksOf(due: Set<LaneState>, room: number, unproven: number, most: number): LaneAsk[] {
  const asks: LaneAsk[] = [];
  for (const lane of due) {
    if (room <= 0 || asks.length >= most) break;
    // Full: it comes back when a place is given back.
    if (lane.cap <= lane.running.first + lane.running.retry) due.delete(lane);
    for (const ask of roomOf(lane, lane.proven ? room : Math.min(room, unproven))) {
      asks.push(ask);
      room -= ask.room;
      if (!lane.proven) unproven -= ask.room;
    }
  }
  return asks;
}

/** Retries get at most half of an endpoint's places, and of a single one every other turn. */
function roomOf(lane: LaneState, free: number): LaneAsk[] {
  const { envId, endpointId, due, running, cap } = lane;
  const room = Math.min(cap - running.first - running.retry, free);
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

const isDue = (lane: LaneState) => lane.due.first || lane.due.retry;

function forgetIdle(lanes: Map<number, LaneState>, due: ReadonlySet<LaneState>): void {
  for (const [id, lane] of lanes) {
    if (lane.running.first === 0 && lane.running.retry === 0 && !due.has(lane)) lanes.delete(id);
  }
}
