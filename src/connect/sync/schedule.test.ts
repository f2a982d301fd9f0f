import assert from "node:assert/strict";
import { test } from "node:test";
import { coveredAfter, nextSyncAt, rangeToRead, restOf, retryAt } from "./schedule.ts";

const at = (text: string) => Temporal.Instant.from(text);
const NOW = at("2026-03-02T12:00:00Z");
const texts = (range: { from: Temporal.Instant; to: Temporal.Instant } | null) =>
  range && [range.from.toString(), range.to.toString()];
const never = { synced_from: null, synced_to: null };
const synced = { synced_from: at("2025-01-01T00:00:00Z"), synced_to: at("2026-03-01T12:00:00Z") };

test("the first sync reads what the consent allows, by the organisation's days", () => {
  const retro = Temporal.PlainDate.from("2025-06-01");
  assert.deepEqual(texts(rangeToRead(never, retro, null, "Asia/Kolkata", NOW)), [
    "2025-05-31T18:30:00Z",
    "2026-03-02T12:00:00Z",
  ]);
  assert.deepEqual(texts(rangeToRead(never, null, null, "UTC", NOW)), [
    "2019-03-02T00:00:00Z",
    "2026-03-02T12:00:00Z",
  ]);
});

test("later ones read fourteen days over again, and from the oldest pending row", () => {
  assert.equal(rangeToRead(synced, null, null, "UTC", NOW).from.toString(), "2026-02-15T12:00:00Z");
  const pending = at("2026-01-20T08:00:00Z");
  assert.equal(rangeToRead(synced, null, pending, "UTC", NOW).from.toString(), pending.toString());
});

test("a consent that reaches further back reads it; one that reaches less far is kept to", () => {
  const further = Temporal.PlainDate.from("2024-06-01");
  assert.equal(rangeToRead(synced, further, null, "UTC", NOW).from.toString(), "2024-06-01T00:00:00Z");
  const nearer = Temporal.PlainDate.from("2026-02-27");
  assert.equal(rangeToRead(synced, nearer, null, "UTC", NOW).from.toString(), "2026-02-27T00:00:00Z");
});

test("what is covered grows where it touches, and never over a gap", () => {
  const range = { from: at("2026-02-15T00:00:00Z"), to: NOW };
  assert.equal(coveredAfter(synced, range).from.toString(), "2025-01-01T00:00:00Z");
  assert.equal(coveredAfter(never, range).from.toString(), range.from.toString());
  const old = { synced_from: at("2024-01-01T00:00:00Z"), synced_to: at("2024-06-01T00:00:00Z") };
  assert.equal(coveredAfter(old, range).from.toString(), range.from.toString());
});

test("what is left of a range, whichever way the bank lists", () => {
  const range = { from: at("2026-01-01T00:00:00Z"), to: NOW };
  const [early, late] = [at("2026-01-10T00:00:00Z"), at("2026-02-10T00:00:00Z")];
  assert.deepEqual(texts(restOf(range, late, early)), ["2026-01-01T00:00:00Z", "2026-01-10T00:00:00Z"]);
  assert.deepEqual(texts(restOf(range, early, late)), ["2026-02-10T00:00:00Z", "2026-03-02T12:00:00Z"]);
  assert.equal(restOf(range, early, early), null);
  assert.equal(restOf(range, null, null), null);
});

test("failures wait longer and longer, the bank's own wish counts where it is longer", () => {
  const minutes = (failures: number, wish: number | null = null) =>
    NOW.until(retryAt(NOW, failures, wish)).total("minutes");
  assert.deepEqual(
    [1, 2, 3, 4, 20].map((n) => minutes(n)),
    [1, 2, 4, 8, 360],
  );
  assert.deepEqual([minutes(1, 600), minutes(5, 60), minutes(1, 10 ** 9)], [10, 16, 1440]);
});

test("intervals of hours and days", () => {
  assert.equal(nextSyncAt(NOW, "PT24H")?.toString(), "2026-03-03T12:00:00Z");
  assert.equal(nextSyncAt(NOW, "P2D")?.toString(), "2026-03-04T12:00:00Z");
  assert.equal(nextSyncAt(NOW, null), null);
});
