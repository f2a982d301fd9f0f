/**
 * The entity flow (reference §5): one link_id is one entity, its statements are read as they are uploaded, each for itself,
 * and nothing ends. Proof alone decides: there is neither a range nor an acceptance criterion.
 */
import type { Kysely } from "kysely";
import { recordEvent } from "../events/outbox.ts";
import { isUuidV4, newUuid } from "../platform/ids.ts";
import { sha256 } from "../platform/crypto.ts";
import { updateAccount } from "../store/accounts.ts";
import { recordAudit } from "../store/audit.ts";
import { contractEndpoint } from "../store/endpoints.ts";
import { findEntity, findOrCreateEntity, listEntities, type Entity } from "../store/entities.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import { statementOfFile } from "../store/files.ts";
import type { Schema } from "../store/schema.ts";
import { lockSession, type Rules } from "../store/sessions.ts";
import { finishStatements, type StatementWithFile } from "../store/statements.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { outcomeOf } from "./processing.ts";
import { loadSnapshot, progressItem, type Snapshot } from "./snapshot.ts";
import { resourceOf } from "./upload-end.ts";
import {
  resultOf,
  uploadInto,
  type Upload,
  type UploadAct,
  type UploadFlow,
  type UploadResult,
} from "./uploads.ts";

export interface EntityView {
  entityId: string;
  linkId: string | null;
  metaData: Record<string, unknown> | null;
}

const viewOf = ({ public_id, link_id, request }: Entity): EntityView => ({
  entityId: public_id,
  linkId: link_id === "" ? null : link_id,
  metaData: objectOf(request["meta_data"]),
});

const objectOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null ? { ...value } : null;

/** The entity of this link_id, made where there is none; without a link_id always a new one. */
export async function createEntity(
  intake: Intake,
  env: Environment,
  actor: string,
  { linkId, metaData = null }: { linkId: string | null; metaData?: Record<string, unknown> | null },
): Promise<EntityView> {
  const at = intake.clock();
  const entity = await inTransaction(intake.db, async ({ trx }) => {
    const made = await findOrCreateEntity(trx, {
      envId: env.id,
      publicId: newUuid(),
      linkId: linkId ?? "",
      metaData,
      at,
    });
    if (made.created) {
      const target = resourceOf(made.entity);
      await recordAudit(trx, { envId: env.id, at, actor, action: "entity.create", target });
    }
    return made.entity;
  });
  return viewOf(entity);
}

/** Throws IntakeError ENTITY_NOT_FOUND. */
export async function readEntity(intake: Intake, env: Environment, entityId: string): Promise<EntityView> {
  return viewOf(await knownEntity(intake.db, env, entityId));
}

export const ENTITIES_PER_PAGE = 10;

/** Oldest first. `page` counts from 1; null where there is no such page (the first is always there). */
export async function readEntities(
  intake: Intake,
  env: Environment,
  { page, linkId }: { page: number; linkId: string | null },
): Promise<{ count: number; entities: EntityView[] } | null> {
  const offset = (page - 1) * ENTITIES_PER_PAGE;
  const { count, entities } = await listEntities(intake.db, env.id, linkId, {
    offset,
    limit: ENTITIES_PER_PAGE,
  });
  if (page > 1 && offset >= count) return null;
  return { count, entities: entities.map(viewOf) };
}

/** Throws IntakeError ENTITY_NOT_FOUND, also where it was deleted. */
export async function knownEntity(
  db: Kysely<Schema>,
  env: Pick<Environment, "id">,
  entityId: string,
): Promise<Entity> {
  const entity = isUuidV4(entityId) ? await findEntity(db, env.id, entityId) : null;
  if (!entity) throw new IntakeError("session", "ENTITY_NOT_FOUND");
  return entity;
}

/** An entity with its accounts and statements. Throws IntakeError ENTITY_NOT_FOUND. */
export const readEntitySnapshot = (intake: Intake, rules: Rules, entityId: string): Promise<Snapshot> =>
  readEntityAtOnce(intake, rules, entityId, async (_, snapshot) => snapshot);

/**
 * Uploads may come at any time, so all that one answer is made of is read in one repeatable-read transaction: no account
 * without its statements, no transaction of a statement that is not listed. Throws IntakeError ENTITY_NOT_FOUND.
 */
export async function readEntityAtOnce<T>(
  intake: Intake,
  rules: Rules,
  entityId: string,
  read: (trx: Kysely<Schema>, snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return inTransaction(
    intake.db,
    async ({ trx }) => {
      const entity = await knownEntity(trx, rules, entityId);
      return read(trx, await loadSnapshot(trx, rules, entity, intake.clock()));
    },
    "repeatable read",
  );
}

/**
 * Reads the file and records its statements, wholly processed. The same bytes again answer what they did the first time.
 * Throws IntakeError as uploadStatement; a refused upload leaves no row and no file.
 */
export async function uploadToEntity(
  intake: Intake,
  env: Environment,
  actor: string,
  upload: Omit<Upload, "sessionId"> & { entityId: string },
): Promise<UploadResult> {
  const { entityId, ...rest } = upload;
  const session = await knownEntity(intake.db, env, entityId);
  try {
    const work = {
      env,
      actor,
      upload: { ...rest, sessionId: session.public_id },
      session,
      flow: ENTITY_FLOW,
    };
    return await uploadInto(intake, work);
  } catch (error) {
    if (!(error instanceof IntakeError) || error.code !== "STATEMENT_DUPLICATE") throw error;
    const before = await uploadedBefore(intake, env, session, upload.bytes);
    if (!before) throw error;
    return before;
  }
}

async function uploadedBefore(
  intake: Intake,
  env: Environment,
  entity: Entity,
  bytes: Uint8Array,
): Promise<UploadResult | null> {
  const statementId = await statementOfFile(intake.db, env.id, entity.id, sha256(bytes));
  if (statementId === null) return null;
  const snapshot = await loadSnapshot(intake.db, env, entity, intake.clock());
  const statement = snapshot.statements.find(({ public_id }) => public_id === statementId);
  const account = snapshot.accounts.find(({ row }) => row.id === statement?.account_id);
  if (!statement || !account) return null;
  return resultOf({ statementId, account: account.row }, statement.page_count, snapshot);
}

export const ENTITY_FLOW: UploadFlow = {
  async lock(trx, env, id) {
    const entity = await lockSession(trx, env.id, id, "entity");
    if (!entity || entity.state === "deleted") throw new IntakeError("session", "ENTITY_NOT_FOUND");
    return entity;
  },
  async after(trx, env, snapshot, act) {
    await finishStatements(trx, env.id, snapshot.session.id, act.at);
    for (const account of snapshot.accounts) {
      await updateAccount(trx, account.row, outcomeOf(account, [], snapshot, env));
    }
    const done = await loadSnapshot(trx, env, snapshot.session, act.at);
    return tellOfStatements(trx, env, done, act);
  },
};

/**
 * The entity flow's webhook speaks of uploads only in mode 1 [seed]; under mode 0 nothing of them is due (ruling 11). What
 * net banking brings is always due.
 */
const MANUAL_TOO = 1;

async function tellOfStatements(
  trx: Kysely<Schema>,
  env: Environment,
  { session, statements }: Snapshot,
  { at, statementIds }: UploadAct,
): Promise<Lane[]> {
  const endpoint = await contractEndpoint(trx, env.id, "entity");
  const told = statements.filter(
    ({ public_id, source }) =>
      statementIds.includes(public_id) && (source === "online" || endpoint?.mode === MANUAL_TOO),
  );
  const lanes: Lane[] = [];
  for (const statement of told) {
    const recorded = await recordEvent(trx, {
      envId: env.id,
      key: `statement:${statement.public_id}:extraction`,
      type: "ENTITY_STATEMENT_NOTIFICATION",
      resource: resourceOf(session),
      subject: session.link_id === "" ? null : session.link_id,
      retention: 0,
      at,
      bodies: () => ({ entity: notificationOf(session, statement) }),
    });
    lanes.push(...recorded.lanes);
  }
  return lanes;
}

/** Net banking ended before there was a statement, such as by wrong credentials: its id is `""` [seed]. */
export async function tellOfFailedVisit(
  trx: Kysely<Schema>,
  envId: number,
  entity: Entity,
  { visitId, reason, at }: { visitId: string; reason: string; at: Temporal.Instant },
): Promise<Lane[]> {
  const linkId = entity.link_id === "" ? null : entity.link_id;
  const { lanes } = await recordEvent(trx, {
    envId,
    key: `net_banking:${visitId}:failure`,
    type: "ENTITY_STATEMENT_NOTIFICATION",
    resource: resourceOf(entity),
    subject: linkId,
    retention: 0,
    at,
    bodies: () => ({
      entity: {
        entity_id: entity.public_id,
        statement_id: "",
        link_id: linkId,
        progress: "failed",
        reason,
      },
    }),
  });
  return lanes;
}

function notificationOf(entity: Entity, statement: StatementWithFile): object {
  const { message, processingStatus } = progressItem(statement.public_id, statement);
  return {
    entity_id: entity.public_id,
    statement_id: statement.public_id,
    link_id: entity.link_id === "" ? null : entity.link_id,
    progress: processingStatus,
    reason: processingStatus === "failed" ? (message ?? "") : "",
  };
}
