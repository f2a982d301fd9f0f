import { setTimeout as pause } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import { DatabaseError } from "pg";
import type { Schema } from "./schema.ts";

export interface InTransaction {
  /** Every statement of the work goes through this. */
  trx: Transaction<Schema>;
  /**
   * Runs after the commit, in the order given, and never when it rolls back: to wake the dispatcher, or
   * to drop a file whose row is gone. Not for what must happen: a crash between commit and hook skips it.
   */
  afterCommit: (hook: () => void | Promise<void>) => void;
}

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const ATTEMPTS = 5;

/**
 * Does the work in one transaction: commits when `work` resolves, rolls back when it throws. A
 * serialization failure or deadlock does it over, at most five times in all, so `work` must have no effect but on the
 * database. A hook that throws makes the call throw although the transaction is committed.
 */
export async function inTransaction<T>(
  kysely: Kysely<Schema>,
  work: (tools: InTransaction) => Promise<T>,
  isolation: "read committed" | "repeatable read" | "serializable" = "read committed",
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const hooks: (() => void | Promise<void>)[] = [];
    let result: T;
    try {
      result = await kysely
        .transaction()
        .setIsolationLevel(isolation)
        .execute((trx) => work({ trx, afterCommit: (hook) => void hooks.push(hook) }));
    } catch (error) {
      if (!isTransient(error) || attempt === ATTEMPTS) throw error;
      // Two that met once would meet again in step.
      await pause(Math.random() * 10 * 2 ** attempt);
      continue;
    }
    for (const hook of hooks) await hook();
    return result;
  }
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED)
  );
}
