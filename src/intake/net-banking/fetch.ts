/** The job that turns a granted visit into statements. Late or twice, it changes nothing. */
import { includesDay } from "../../analysis/coverage.ts";
import type { Task } from "../../platform/jobs.ts";
import type { Environment } from "../../store/environments.ts";
import { findVisit, lockVisit, openAccess, updateVisit, type Visit } from "../../store/net-banking.ts";
import { findSessionRow, type Session } from "../../store/sessions.ts";
import { inTransaction } from "../../store/transaction.ts";
import { rangeOf, todayOf } from "../calendar.ts";
import type { Intake } from "../context.ts";
import { ENTITY_FLOW } from "../entities.ts";
import { IntakeError } from "../errors.ts";
import { recordFileOf, SESSION_FLOW } from "../uploads.ts";
import { candidatesOf } from "./feeds.ts";
import type { FetchedAccount, FetchFault } from "./reach.ts";
import { END_ACCESS_TASK, FETCH_TASK, planEndOfAccess, recordFailed, takesStatements } from "./visits.ts";

/** Of an entity, which has no range. */
const ENTITY_MONTHS = 12;
/** How long a bank that does not answer is asked again. */
const PATIENCE = { minutes: 10 };

export const netBankingTasks = (intake: Intake): Record<string, Task> => ({
  [FETCH_TASK]: async (payload) => {
    const { env, visit } = readPayload(payload);
    await fetchVisit(intake, await intake.environment(env), visit);
  },
  [END_ACCESS_TASK]: async (payload) => {
    const { env, visit } = readPayload(payload);
    await endAccess(intake, env, visit);
  },
});

/** Throws where the bank does not answer, or we fail, to be run again; once patience ends the visit has failed. */
export async function fetchVisit(intake: Intake, env: Environment, visitId: string): Promise<void> {
  const visit = await findVisit(intake.db, env.id, visitId);
  if (visit?.status !== "fetching" || !visit.access) return;
  const session = await findSessionRow(intake.db, env.id, visit.session_id);
  if (!session) return;
  if (!takesStatements(session, intake.clock())) return fail(intake, env, session, visit, "ended");
  try {
    await fetchFor(intake, env, session, { ...visit, access: visit.access });
  } catch (error) {
    if (isEarly(intake, visit)) throw error;
    // Whoever waits for the outcome hears of it, and the bank's tokens are not kept, whatever is wrong with us.
    intake.log.error({ err: error, env_id: env.id, visit: visitId }, "what a bank granted could not be used");
    await fail(intake, env, session, visit, "broken");
  }
}

const isEarly = ({ clock }: Pick<Intake, "clock">, { created_at: begun }: Visit): boolean =>
  Temporal.Instant.compare(clock(), begun.add(PATIENCE)) < 0;

async function fetchFor(
  intake: Intake,
  env: Environment,
  session: Session,
  visit: Visit & { access: Buffer },
): Promise<void> {
  const period = periodOf(env, session, intake.clock());
  const range = {
    from: period.from.toZonedDateTime({ timeZone: env.timeZone }).toInstant(),
    to: period.to.add({ days: 1 }).toZonedDateTime({ timeZone: env.timeZone }).toInstant(),
  };
  const access = openAccess(env.dataKey, visit.access, visit.public_id);
  const fetched = await intake.reach.fetch(visit.provider, access, range);
  if (!fetched.ok) {
    if (fetched.fault === "again" && isEarly(intake, visit)) {
      throw new Error(`The bank ${visit.provider} did not answer: ${fetched.message}`);
    }
    return fail(intake, env, session, visit, fetched.fault);
  }
  const isToday = period.to.equals(todayOf(env, intake.clock()));
  const feed = { bank: visit.bank_name, period, timeZone: env.timeZone, isToday };
  const accounts = fetched.accounts.map((account) => within(account, env, period));
  await record(intake, { env, session, visit, accounts, candidates: candidatesOf(accounts, feed) });
}

interface Period {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** Never beyond today: of the future nobody knows anything. */
function periodOf(env: Environment, session: Session, now: Temporal.Instant): Period {
  const today = todayOf(env, now);
  if (session.kind === "entity") return { from: today.subtract({ months: ENTITY_MONTHS }), to: today };
  const { from, to } = rangeOf(session);
  const end = Temporal.PlainDate.compare(to, today) < 0 ? to : today;
  return { from: Temporal.PlainDate.compare(from, end) < 0 ? from : end, to: end };
}

/** Banks answer by instants, and some by more than was asked. */
const within = (account: FetchedAccount, { timeZone }: Environment, period: Period): FetchedAccount => ({
  ...account,
  rows: account.rows.filter(({ at }) => includesDay(period, at.toZonedDateTimeISO(timeZone).toPlainDate())),
});

interface Fetch {
  env: Environment;
  session: Session;
  visit: Visit;
  accounts: readonly FetchedAccount[];
  candidates: ReturnType<typeof candidatesOf>;
}

async function record(intake: Intake, { env, session, visit, accounts, candidates }: Fetch): Promise<void> {
  if (candidates.length === 0) return fail(intake, env, session, visit, "broken");
  const upload = {
    sessionId: session.public_id,
    bytes: Buffer.from(JSON.stringify(accounts, plain, 1)),
    fileName: `${visit.provider}-net-banking.json`,
    password: null,
  };
  const work = {
    intake,
    env,
    actor: `job:${FETCH_TASK}`,
    upload,
    flow: session.kind === "entity" ? ENTITY_FLOW : SESSION_FLOW,
    fields: { bank: visit.bank_name, accountType: null, accountCategory: null },
    file: { pageCount: 1, candidates },
    source: "online" as const,
  };
  try {
    await recordFileOf(work, async (trx) => {
      const locked = await lockVisit(trx, env.id, visit.public_id);
      // Another run of the job was quicker: what this one brought is rolled back.
      if (locked?.status !== "fetching") throw new IntakeError("duplicate", "STATEMENT_DUPLICATE");
      await updateVisit(trx, visit, { status: "completed", access: null, updated_at: intake.clock() });
      await planEndOfAccess(trx, visit);
    });
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    if (error.code !== "STATEMENT_DUPLICATE") return fail(intake, env, session, visit, "broken");
    await completeWithoutNews(intake, env, visit);
  }
}

/** The same rows are there from an earlier visit. */
async function completeWithoutNews(intake: Intake, env: Environment, visit: Visit): Promise<void> {
  await inTransaction(intake.db, async ({ trx }) => {
    const locked = await lockVisit(trx, env.id, visit.public_id);
    if (locked?.status !== "fetching") return;
    await updateVisit(trx, visit, { status: "completed", access: null, updated_at: intake.clock() });
    await planEndOfAccess(trx, visit);
  });
}

async function fail(
  intake: Intake,
  env: Environment,
  session: Session,
  visit: Visit,
  fault: FetchFault,
): Promise<void> {
  const lanes = await inTransaction(intake.db, async ({ trx }) => {
    const locked = await lockVisit(trx, env.id, visit.public_id);
    if (locked?.status !== "fetching") return [];
    return recordFailed(trx, env, session, locked, { fault, at: intake.clock() });
  });
  intake.wake(lanes);
}

/** Throws where the bank has to be told again. */
async function endAccess(intake: Intake, envId: number, visitId: string): Promise<void> {
  const visit = await findVisit(intake.db, envId, visitId);
  if (!visit) return;
  if (!(await intake.reach.end(visit.provider, visit.bank_consent_id))) {
    throw new Error(`The bank ${visit.provider} was not told that access is over.`);
  }
}

/** Minor units as text, instants as ISO 8601. */
const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

function readPayload(payload: unknown): { env: number; visit: string } {
  if (typeof payload === "object" && payload !== null && "env" in payload && "visit" in payload) {
    const { env, visit } = payload;
    if (typeof env === "number" && typeof visit === "string") return { env, visit };
  }
  throw new Error("A visit's job names its environment and its visit.");
}
