/** `trigger`: records a sample event in the sandbox; the running server signs and delivers it like any other. */
import type { Kysely } from "kysely";
import { withDatabase } from "./database-commands.ts";
import { EVENT_KINDS, type EventType } from "./events/catalogue.ts";
import { recordEvent } from "./events/outbox.ts";
import { EVENT_BODIES } from "./http/bankconnect/event-bodies.ts";
import type { ExitCode, Io } from "./main.ts";
import { systemClock } from "./platform/clock.ts";
import { newUuid } from "./platform/ids.ts";
import { StartError } from "./start-error.ts";
import type { Schema } from "./store/schema.ts";

const TYPES = EVENT_KINDS.map((kind) => kind.type);
const formatOf = (type: EventType) => EVENT_KINDS.find((kind) => kind.type === type)?.format ?? "session";
/** Kept as briefly as history is kept at all: it speaks of nothing. */
const SAMPLE_RETENTION = 7;

export function runTrigger(argv: string[], io: Io): Promise<ExitCode> {
  const type = TYPES.find((known) => known === argv[0]);
  if (!type || argv.length !== 1) {
    io.stderr.write(
      `Usage: bankbell trigger EVENT_TYPE\n\nEvent types:\n${TYPES.map((known) => `  ${known}\n`).join("")}`,
    );
    return Promise.resolve(2);
  }
  return withDatabase(io, async ({ kysely }) => {
    const envId = await sandboxOf(kysely);
    const { publicId, deliveries } = await recordSample(kysely, envId, type);
    io.stdout.write(
      deliveries > 0
        ? `${publicId} is on its way to ${deliveries === 1 ? "one endpoint" : `${deliveries} endpoints`} of the sandbox.\n`
        : `${publicId} is recorded, but no endpoint of the sandbox wants ${type} yet: set one with update_webhook.\n`,
    );
  });
}

async function sandboxOf(db: Kysely<Schema>): Promise<number> {
  const environment = await db
    .selectFrom("environments")
    .select("id")
    .where("mode", "=", "sandbox")
    .orderBy("id")
    .executeTakeFirst();
  if (!environment) throw new StartError("There is no sandbox yet: the first `npm start` makes it.");
  return environment.id;
}

function recordSample(db: Kysely<Schema>, envId: number, type: EventType) {
  const id = newUuid();
  return db.transaction().execute(async (trx) => {
    const { publicId, lanes } = await recordEvent(trx, {
      envId,
      key: `sample:${id}`,
      type,
      resource: `sample:${id}`,
      subject: null,
      retention: SAMPLE_RETENTION,
      at: systemClock(),
      bodies: () => ({ [formatOf(type)]: EVENT_BODIES[type].example }),
    });
    return { publicId, deliveries: lanes.length };
  });
}
