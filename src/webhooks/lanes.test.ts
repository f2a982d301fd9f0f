import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { createLanes, shareOf, type Lanes, type Place } from "./lanes.ts";

const limits = { quick: 16, all: 64, lanesPerClaim: 100 };
const lane = (endpointId: number) => ({ envId: 1, endpointId });

/** A claim that gets all it asked for. */
function takeAll(lanes: Lanes, most = 8): Place[] {
  return lanes
    .asks()
    .flatMap((ask) => Array.from({ length: ask.room }, () => lanes.take(ask, ask.retry, most)));
}

/** An endpoint that has answered until its cap is full. */
function proven(lanes: Lanes, endpointId: number): void {
  for (let round = 0; round < 5; round++) {
    lanes.mark(lane(endpointId), false);
    for (const place of takeAll(lanes)) lanes.give(place, true);
  }
}

describe("lanes", () => {
  test("an endpoint starts with one, doubles with answers up to its cap, and falls back to one", () => {
    const lanes = createLanes(limits);
    const widths: number[] = [];
    const round = (answered: boolean) => {
      lanes.mark(lane(1), false);
      const places = takeAll(lanes, 6);
      widths.push(places.length);
      for (const [index, place] of places.entries()) lanes.give(place, answered || index < places.length - 1);
    };
    for (const answered of [true, true, true, true, false, true]) round(answered);
    assert.deepEqual(widths, [1, 2, 6, 6, 6, 1]);
    assert.equal(lanes.inFlight, 0);
  });

  test("a mark during a claim is not lost, and nothing is asked twice without one", () => {
    const lanes = createLanes(limits);
    proven(lanes, 1);
    lanes.mark(lane(1), false);
    assert.equal(lanes.asks().length, 1);
    assert.deepEqual(lanes.asks(), []);
    lanes.mark(lane(1), false);
    assert.equal(lanes.asks().length, 1);
  });

  test("retries take at most half while first attempts wait, and of one place every other turn", () => {
    const lanes = createLanes(limits);
    proven(lanes, 1);
    lanes.mark(lane(1), false);
    lanes.mark(lane(1), true);
    assert.deepEqual(
      lanes.asks().map(({ retry, room }) => [retry, room]),
      [
        [false, 4],
        [true, 4],
      ],
    );
    const single = createLanes(limits);
    const turns: boolean[] = [];
    for (let turn = 0; turn < 4; turn++) {
      single.mark(lane(1), false);
      single.mark(lane(1), true);
      for (const ask of single.asks()) turns.push(ask.retry);
    }
    assert.deepEqual(turns, [true, false, true, false]);
  });

  test("endpoints that did not answer share a quarter: a good one has room while they hang", () => {
    const lanes = createLanes(limits);
    proven(lanes, 1);
    for (let id = 100; id < 200; id++) lanes.mark(lane(id), false);
    const hanging = takeAll(lanes);
    assert.equal(hanging.length, 4);
    lanes.mark(lane(1), false);
    assert.deepEqual(lanes.asks(), [{ envId: 1, endpointId: 1, retry: false, room: 8 }]);
    // They no longer count once they are slow, and the next may try.
    for (const place of hanging) lanes.slow(place);
    assert.equal(takeAll(lanes).length, 4);
  });

  test("a thousand that answered and all begin to hang leave room for one that answers", () => {
    const lanes = createLanes({ quick: 512, all: 4096, lanesPerClaim: 128 });
    const hanging = Array.from({ length: 1000 }, (_, n) => n + 1);
    const good = 5000;
    for (const id of [...hanging, good]) proven(lanes, id);
    const markAll = () => hanging.forEach((id) => lanes.mark(lane(id), false));
    const serve = (): number => {
      lanes.mark(lane(good), false);
      let served = 0;
      let turns = 0;
      // Claims follow each other until nothing more is to be had: that is one moment.
      for (let places = takeAll(lanes); places.length > 0; places = takeAll(lanes)) {
        assert.ok(++turns < 1000);
        for (const place of places) {
          if (place.lane.endpointId === good) {
            lanes.give(place, true);
            served++;
          } else quick.push(place);
        }
        markAll();
      }
      return served;
    };
    let quick: Place[] = [];
    const moments: number[] = [];
    for (let moment = 0; moment < 30; moment++) {
      markAll();
      moments.push(serve());
      // 250 ms later none of them has answered.
      for (const place of quick) lanes.slow(place);
      quick = [];
    }
    assert.ok(lanes.inFlight <= 4096 - 512, `${lanes.inFlight} in flight`);
    assert.ok(
      moments.slice(8).every((served) => served > 0),
      `served in each moment of 250 ms: ${moments.join(" ")}`,
    );
    for (let round = 0; round < 4; round++) serve();
    lanes.mark(lane(good), false);
    assert.deepEqual(lanes.asks(), [{ envId: 1, endpointId: good, retry: false, room: 8 }], "its whole cap");
  });

  test("a crowd ends with its requests, and while it lasts some that did not answer are tried", () => {
    const lanes = createLanes({ quick: 16, all: 64, lanesPerClaim: 100 });
    for (const id of [1, 2, 3, 4, 5]) proven(lanes, id);
    // 48 beside the reserve, of which half makes a crowd.
    const slow = Array.from({ length: 25 }, (_, n) => lanes.take(lane(1 + (n % 4)), false, 8));
    for (const place of slow) lanes.slow(place);
    lanes.mark(lane(5), false);
    assert.deepEqual(
      lanes.asks().map(({ room }) => room),
      [1],
      "doubted until it answers",
    );
    for (let id = 100; id < 120; id++) lanes.mark(lane(id), false);
    const tried: Place[] = [];
    for (let round = 0; round < 5; round++) {
      const places = takeAll(lanes);
      for (const place of places) lanes.slow(place);
      tried.push(...places);
    }
    assert.equal(tried.length, 6, "an eighth of 48");
    for (const place of [...slow, ...tried]) lanes.give(place, false);
    lanes.mark(lane(5), false);
    const room = lanes.asks().find(({ endpointId }) => endpointId === 5)?.room;
    assert.equal(room, 8);
  });

  test("a full lane comes back when a place is given back", () => {
    const lanes = createLanes(limits);
    lanes.mark(lane(1), false);
    const [place] = takeAll(lanes);
    assert.ok(place);
    lanes.mark(lane(1), false);
    assert.deepEqual(lanes.asks(), []);
    lanes.give(place, true);
    assert.equal(lanes.asks().length, 1);
  });

  test("nobody waits for more than one turn of the others", () => {
    const lanes = createLanes({ quick: 4, all: 64, lanesPerClaim: 100 });
    for (let id = 1; id <= 8; id++) proven(lanes, id);
    for (let id = 1; id <= 8; id++) lanes.mark(lane(id), false);
    const served = new Set<number>();
    for (let turn = 0; turn < 8; turn++) {
      for (const ask of lanes.asks()) {
        served.add(ask.endpointId);
        lanes.mark(ask, false);
      }
    }
    assert.equal(served.size, 8);
  });
});

describe("shares", () => {
  test("the parts of all processes are the whole, in every turn, and every process has its turn", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 128 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 0, max: 40_000_000 }),
        (most, live, endpointId, turn) => {
          const partOf = (rank: number, at: number) => shareOf(most, { live, rank, turn: at }, endpointId);
          const ranks = Array.from({ length: live }, (_, rank) => rank);
          assert.equal(
            ranks.reduce((sum, rank) => sum + partOf(rank, turn), 0),
            most,
          );
          assert.ok(ranks.some((later) => partOf(0, turn + later) > 0));
        },
      ),
    );
  });
});

describe("terms", () => {
  const since = Temporal.Instant.from("2026-01-01T00:00:00Z");
  const terms = { maxInFlight: 8, rateLimit: null, statusSince: since, version: 1 };

  test("after a pause the cap is one again, whatever was claimed before it was known", () => {
    const lanes = createLanes(limits);
    proven(lanes, 1);
    assert.ok(lanes.admits(lane(1), false, terms, false));
    lanes.mark(lane(1), false);
    const [ask] = lanes.asks();
    assert.equal(ask?.room, 8);
    const resumed = { ...terms, statusSince: since.add({ hours: 1 }) };
    assert.ok(lanes.admits(lane(1), false, resumed, false));
    const place = lanes.take(lane(1), false, 8);
    assert.equal(lanes.admits(lane(1), false, resumed, false), false);
    assert.ok(lanes.admits(lane(1), false, resumed, true), "a successor stands in its predecessor's place");
    lanes.give(place, true);
    assert.deepEqual(
      lanes.asks().map(({ room }) => room),
      [2],
      "what was refused is still due",
    );
  });

  test("who asks for less gets nothing until then, and then one at a time", () => {
    let ms = 1000;
    const lanes = createLanes({ ...limits, now: () => ms });
    assert.ok(lanes.admits(lane(1), false, terms, false));
    proven(lanes, 1);
    lanes.mark(lane(1), false);
    lanes.mark(lane(1), true);
    const [busy, other, ...rest] = takeAll(lanes);
    assert.ok(busy && other && rest.length === 6);
    lanes.busy(busy, 60);
    lanes.give(busy, true);
    lanes.give(other, true);
    for (const place of rest) lanes.give(place, true);
    lanes.mark(lane(1), false);
    assert.deepEqual(lanes.asks(), []);
    assert.equal(lanes.admits(lane(1), false, terms, false), false, "claimed before it was known");
    assert.equal(lanes.admits(lane(1), false, terms, true), false, "nor the next of a chain");
    assert.equal(lanes.limited, false, "not within a moment");
    ms = 60_999;
    lanes.mark(lane(1), true, 1);
    assert.deepEqual(lanes.asks(), []);
    ms = 61_000;
    // As the sweep does.
    lanes.mark(lane(1), false);
    lanes.mark(lane(1), true);
    const widths: number[] = [];
    for (let round = 0; round < 3; round++) {
      const places = takeAll(lanes);
      widths.push(places.length);
      for (const place of places) lanes.give(place, true);
      lanes.mark(lane(1), false);
    }
    assert.deepEqual(widths, [1, 2, 8], "doubled by each answer");
  });

  test("a change of the endpoint ends a hold", () => {
    const lanes = createLanes({ ...limits, now: () => 1000 });
    assert.ok(lanes.admits(lane(1), false, terms, false));
    const place = lanes.take(lane(1), false, 8);
    lanes.busy(place, 60);
    lanes.give(place, true);
    lanes.mark(lane(1), false, 1);
    assert.deepEqual(lanes.asks(), []);
    lanes.mark(lane(1), false, 2);
    assert.deepEqual(lanes.asks(), [{ envId: 1, endpointId: 1, retry: false, room: 1 }]);
  });

  test("busy without a time: one at a time, at once", () => {
    const lanes = createLanes(limits);
    proven(lanes, 1);
    lanes.mark(lane(1), false);
    for (const place of takeAll(lanes)) {
      lanes.busy(place, 0);
      lanes.give(place, true);
    }
    lanes.mark(lane(1), false);
    assert.deepEqual(lanes.asks(), [{ envId: 1, endpointId: 1, retry: false, room: 1 }]);
  });

  test("a rate is a bucket: what it holds back is due, and said to be", () => {
    let ms = 0;
    const lanes = createLanes({ ...limits, now: () => ms });
    proven(lanes, 1);
    const limited = { ...terms, rateLimit: 2 };
    assert.ok(lanes.admits(lane(1), false, limited, false));
    lanes.give(lanes.take(lane(1), false, 8), true);
    assert.equal(lanes.admits(lane(1), false, limited, true), false);
    assert.ok(lanes.limited);
    assert.deepEqual(lanes.asks(), []);
    ms = 499;
    assert.deepEqual(lanes.asks(), []);
    assert.ok(lanes.limited);
    ms = 501;
    assert.deepEqual(
      lanes.asks().map(({ room }) => room),
      [1],
    );
    lanes.stand({ live: 2, rank: 0, turn: 0 });
    lanes.give(lanes.take(lane(1), false, 8), true);
    lanes.mark(lane(1), false);
    ms = 1400;
    assert.deepEqual(lanes.asks(), [], "half of the rate");
    ms = 1502;
    assert.equal(lanes.asks().length, 1);
  });
});
