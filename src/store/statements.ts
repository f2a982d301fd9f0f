import { sql, type Insertable, type Kysely, type Selectable } from "kysely";
import type { Schema, Statements, StepStatus } from "./schema.ts";

export type StatementRow = Selectable<Statements>;
export type StatementWithFile = StatementRow & { file_name: string };

/** Answers the row's internal id. */
export async function insertStatement(trx: Kysely<Schema>, row: Insertable<Statements>): Promise<bigint> {
  const { id } = await trx.insertInto("statements").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

/** In the order of upload, and within a file as they stand in it. */
export async function statementsOfSession(
  db: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
): Promise<StatementWithFile[]> {
  return db
    .selectFrom("statements as t")
    .innerJoin("files as f", (join) =>
      join.onRef("f.env_id", "=", "t.env_id").onRef("f.id", "=", "t.file_id"),
    )
    .selectAll("t")
    .select("f.file_name")
    .where("t.env_id", "=", envId)
    .where("t.session_id", "=", sessionId)
    .orderBy("t.id")
    .execute();
}

/** Ends the steps that processing takes; a broken statement's processing has failed. Failed statements stay. */
export async function finishStatements(
  trx: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
  at: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable("statements")
    .set({
      processing_status: sql<StepStatus>`case verification when 'broken' then 'failed' else 'completed' end`,
      fraud_status: "completed",
      updated_at: at,
    })
    .where("env_id", "=", envId)
    .where("session_id", "=", sessionId)
    .where("status", "=", "completed")
    .execute();
}
