/**
 * The replay job. Each run queues one batch and, in the same transaction, moves the replay on and adds the next run:
 * a crash anywhere repeats nothing and skips nothing, and two runs of one replay take turns at its row's lock.
 *
 * The queue is the pace: while the endpoint has much waiting the job comes back later, so that a replay of millions
 * leaves the queue small, a paused receiver is not buried, and a cancel has something to cancel.
 */
import type { Kysely } from "kysely";
import { DELIVERY_KINDS } from "../events/catalogue.ts";
import type { Clock } from "../platform/clock.ts";
import { addJob, removeJob, type Task } from "../platform/jobs.ts";
import { recordAudit } from "../store/audit.ts";
import {
  advanceReplay,
  countReplay,
  endReplay,
  findReplay,
  insertReplay,
  lockReplay,
  waitingUpTo,
  type NewReplay,
  type Replay,
} from "../store/replays.ts";
import type { Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";

export interface ReplayDeps {
  db: Kysely<Schema>;
  clock: Clock;
  wake: () => void;
  /** Events queued by one run; 500 where it is absent. */
  batchSize?: number;
  /** Waiting deliveries of the endpoint from which on a run queues nothing; 10,000 where it is absent. */
  mostWaiting?: number;
}

const REPLAY_TASK = "replay_batch";
const BATCH_SIZE = 500;
const MOST_WAITING = 10_000;
/** Until a full queue is looked at again. */
const LATER_SECONDS = 5;

/** What `*` does not mean: an endpoint must name them. */
const NAMED_ONLY = DELIVERY_KINDS.filter((kind) => "namedOnly" in kind).map(({ type }) => type);

const keyOf = (replay: Pick<Replay, "public_id">) => `replay:${replay.public_id}`;

export const replayTasks = (deps: ReplayDeps): Record<string, Task> => ({
  [REPLAY_TASK]: async (payload) => {
    const { env, replay } = readPayload(payload);
    await runReplayBatch(deps, env, replay);
  },
});

/** A tracked replay and its first run. The audit row is written here. */
export async function startReplay(trx: Kysely<Schema>, wanted: NewReplay): Promise<Replay> {
  const replay = await insertReplay(trx, wanted);
  await addRun(trx, replay);
  await auditReplay(trx, replay, "replay.start", wanted);
  return replay;
}

/**
 * What is not yet queued never will be; what is queued is delivered. Null where there is no such replay,
 * `over` where it had ended.
 */
export async function cancelReplay(
  trx: Kysely<Schema>,
  envId: number,
  publicId: string,
  by: { actor: string; at: Temporal.Instant },
): Promise<Replay | "over" | null> {
  const replay = await lockReplay(trx, envId, publicId);
  if (!replay) return null;
  if (replay.status !== "running") return "over";
  await endReplay(trx, replay, "cancelled", by.at);
  await removeJob(trx, keyOf(replay));
  await auditReplay(trx, replay, "replay.cancel", by);
  return findReplay(trx, envId, publicId);
}

export type BatchResult = "gone" | "over" | "later" | "more";

/** One run of the job. Safe to run late, twice, and at the same time as another. */
export async function runReplayBatch(
  deps: ReplayDeps,
  envId: number,
  publicId: string,
): Promise<BatchResult> {
  const { db, clock, wake, batchSize = BATCH_SIZE, mostWaiting = MOST_WAITING } = deps;
  const found = await findReplay(db, envId, publicId);
  // Without the row's lock: counting millions takes seconds, and a cancel must not wait for it.
  if (found?.status === "running" && found.total === null) await countReplay(db, found, NAMED_ONLY);
  return inTransaction(db, async ({ trx, afterCommit }) => {
    const replay = await lockReplay(trx, envId, publicId);
    if (!replay) return "gone";
    if (replay.status !== "running") return "over";
    const lane = { envId, endpointId: replay.endpoint_id };
    if ((await waitingUpTo(trx, lane, mostWaiting)) >= mostWaiting) {
      await addRun(trx, replay, clock().add({ seconds: LATER_SECONDS }));
      return "later";
    }
    const { queued, isOver } = await advanceReplay(trx, replay, { batchSize, namedOnly: NAMED_ONLY });
    if (queued > 0) afterCommit(wake);
    if (!isOver) {
      await addRun(trx, replay);
      return "more";
    }
    const at = clock();
    await endReplay(trx, replay, "completed", at);
    await auditReplay(trx, replay, "replay.complete", { actor: `job:${REPLAY_TASK}`, at });
    return "over";
  });
}

async function addRun(trx: Kysely<Schema>, replay: Replay, runAt?: Temporal.Instant): Promise<void> {
  await addJob(trx, {
    task: REPLAY_TASK,
    payload: { env: replay.env_id, replay: replay.public_id },
    key: keyOf(replay),
    ...(runAt ? { runAt } : {}),
  });
}

async function auditReplay(
  trx: Kysely<Schema>,
  replay: Replay,
  action: string,
  { actor, at }: { actor: string; at: Temporal.Instant },
): Promise<void> {
  await recordAudit(trx, {
    envId: replay.env_id,
    at,
    actor,
    action,
    target: `replay:${replay.public_id}`,
    detail: { endpoint: replay.endpoint_id },
  });
}

function readPayload(payload: unknown): { env: number; replay: string } {
  if (typeof payload === "object" && payload !== null && "env" in payload && "replay" in payload) {
    const { env, replay } = payload;
    if (typeof env === "number" && typeof replay === "string") return { env, replay };
  }
  throw new Error("A replay's job names its environment and its replay.");
}
