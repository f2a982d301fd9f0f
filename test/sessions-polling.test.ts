/** Ruling 13: rate limits never hit a client that polls each of its sessions every 2 seconds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RATE_LIMITS } from "../src/http/keyring.ts";
import { openHttp, V1 } from "./http-setup.ts";

const POLLS_A_MINUTE = 60 / 2;
const READS = ["progress", "session_upload_status", "session_status", "insights"];
const SESSIONS = 12;

test("a minute of polling every read of each session every 2 s, with no request to spare", async () => {
  const perSession = POLLS_A_MINUTE * READS.length;
  assert.ok(RATE_LIMITS.perKey >= perSession, "the limit as shipped");
  // Creating them counts for the key alone.
  const http = await openHttp({ rateLimits: { perKey: perSession, wrongKeys: 1 } });
  try {
    const ids = await Promise.all(Array.from({ length: SESSIONS }, () => http.newSession()));
    const poll = (id: string, read: string) => http.call(`${V1}/session_data/${id}/${read}/`);
    const statuses = new Map<number, number>();
    for (let round = 0; round < POLLS_A_MINUTE; round++) {
      const answers = await Promise.all(ids.flatMap((id) => READS.map((read) => poll(id, read))));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // Nothing is being processed: three of the reads say so.
    const rounds = SESSIONS * POLLS_A_MINUTE;
    assert.deepEqual(Object.fromEntries(statuses), { 200: rounds, 400: 3 * rounds });
    const [first = ""] = ids;
    const beyond = await poll(first, "progress");
    assert.equal(beyond.status, 429, "the fuse is there");
    assert.ok(Number(beyond.headers.get("retry-after")) > 0);
  } finally {
    await http.close();
  }
});
