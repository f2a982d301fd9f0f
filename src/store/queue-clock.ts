/**
 * After a step back of the database's clock. What was recorded or claimed before it has times that are yet to come, and
 * would wait for as long as the step. First attempts are due when they are recorded, and no live lease ends later than one
 * lease from now: whatever says more is from before. Retries keep the time that they were given.
 */
import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

/** Less passes by itself. */
const AHEAD_S = 5;
/** Takes 0.1 s, in which nothing is recorded behind these heads. */
const BATCH = 5000;

/**
 * Answers whether there was a whole batch, so that there may be more. A lease from before ends one lease from now: its
 * worker may be alive, and has its result by then.
 */
export async function pullIn(db: Kysely<Schema>, leaseMs: number): Promise<boolean> {
  return inTransaction(db, async ({ trx }) => {
    // No index holds leases. Reading a million rows in their order takes longer than as they lie.
    await sql`set local enable_seqscan = on`.execute(trx);
    const { rows } = await sql<{ pulled: number }>`
      with late as materialized (
        select env_id, endpoint_id, resource from queue
        where (attempt = 0 and due_at > now() + ${AHEAD_S}::float8 * interval '1 s')
          or lease_until > now() + 2 * ${leaseMs}::float8 * interval '1 ms'
        limit ${BATCH} for update skip locked
      ), pulled as (
        update queue q set
          due_at = case when q.attempt = 0 then least(q.due_at, now()) else q.due_at end,
          lease_until = least(q.lease_until, now() + ${leaseMs}::float8 * interval '1 ms')
        from late l
        where q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.resource = l.resource
        returning 1
      )
      select count(*)::int as pulled from pulled`.execute(trx);
    return rows[0]?.pulled === BATCH;
  });
}
