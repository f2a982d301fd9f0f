/** The hosted journey: what the customer sees of a session, and what only the customer does to it. */
import type { Kysely } from "kysely";
import { level1Finding } from "../analysis/acceptance.ts";
import { monthsOf, type MonthDays } from "../analysis/coverage.ts";
import { isUuidV4 } from "../platform/ids.ts";
import { recordAudit } from "../store/audit.ts";
import type { Environment } from "../store/environments.ts";
import { removeFileOf } from "../store/journey.ts";
import { visitsOfSession, type Visit } from "../store/net-banking.ts";
import type { Schema } from "../store/schema.ts";
import type { Session } from "../store/sessions.ts";
import { inTransaction } from "../store/transaction.ts";
import { enabledModes, findReachable, fullBankName, type SessionMode } from "./banks.ts";
import { rangeOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { criteriaOf, loadSnapshot, statementView, type AccountSnapshot, type Snapshot } from "./snapshot.ts";
import { assertAllows, mayStep } from "./states.ts";
import { planBlobDrop } from "./stored-files.ts";
import { currentSession, endUploads, lockKnownSession, resourceOf } from "./upload-end.ts";
import type { DateRange, StatementView } from "./views.ts";

/** In the actor of an audit row: `journey:<session>`; whose it is, the session says. */
export const journeyActor = (sessionId: string): string => `journey:${sessionId}`;

export interface JourneyAccount {
  accountId: string;
  bank: { id: string; name: string };
  accountNumber: string | null;
  name: string | null;
  months: Temporal.PlainYearMonth[];
  missingMonths: Temporal.PlainYearMonth[];
  missingDates: MonthDays[];
  statements: StatementView[];
}

export interface JourneyConnection {
  bank: { id: string; name: string };
  status: Visit["status"];
  errorType: string | null;
}

export interface Journey {
  session: Session;
  /** `finished`: the uploads have ended well, however that came about. */
  state: "open" | "finished" | "expired";
  range: DateRange;
  /** What acceptance asks for; empty where nothing is asked for. */
  months: Temporal.PlainYearMonth[];
  bank: { id: string; name: string } | null;
  /** What the customer may choose from. */
  ways: SessionMode[];
  accounts: JourneyAccount[];
  /** Visits of banks by net banking, in the order in which they were begun. */
  connections: JourneyConnection[];
  /** Whether there is anything that could be finished with. */
  mayFinish: boolean;
}

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED. */
export async function readJourney(intake: Intake, env: Environment, sessionId: string): Promise<Journey> {
  const session = await currentSession(intake, env, sessionId);
  assertAllows(session.state, "read_uploads", sessionId);
  const snapshot = await loadSnapshot(intake.db, env, session, intake.clock());
  return journeyOf(intake, intake.db, env, snapshot);
}

async function journeyOf(
  intake: Intake,
  db: Kysely<Schema>,
  env: Environment,
  snapshot: Snapshot,
): Promise<Journey> {
  const { session, considered, accounts } = snapshot;
  const visits = await visitsOfSession(db, env.id, session.id);
  const reachable = intake.reach.banks(env.mode);
  const asksForNothing = session.accept_anything || env.settings.level_1 === "none";
  return {
    session,
    state: stateOf(session),
    range: rangeOf(session),
    months: considered && !asksForNothing ? monthsOf([considered]) : [],
    bank: session.bank_name === null ? null : bankOf(session.bank_name),
    ways: waysOf(intake, session, env),
    accounts: accounts.map((account) => accountOf(account, snapshot, env)),
    connections: visits.map(({ bank_name: id, status, error_type }) => ({
      bank: { id, name: fullBankName(id) || (findReachable(reachable, id)?.name ?? "") },
      status,
      errorType: error_type,
    })),
    mayFinish: hasRead(snapshot),
  };
}

/** A session that was made for one mode offers that one; net banking is a way of banks that can be reached. */
function waysOf({ reach }: Intake, { request, bank_name: bank }: Session, env: Environment): SessionMode[] {
  const { mode } = request;
  const reachable = reach.banks(env.mode);
  const offered = bank === null ? reachable : reachable.filter((one) => one.bank === bank);
  const modes = [...enabledModes(offered)].filter((one) => env.settings.allowed_modes.includes(one));
  return modes.filter((one) => mode === null || mode === undefined || one === mode);
}

const bankOf = (id: string) => ({ id, name: fullBankName(id) });

const hasRead = ({ statements }: Snapshot): boolean =>
  statements.some(({ status, account_id }) => status === "completed" && account_id !== null);

function stateOf({ state }: Session): Journey["state"] {
  switch (state) {
    case "open":
      return "open";
    case "completed":
    case "processing":
    case "processed":
      return "finished";
    case "expired":
    case "deleted":
      return "expired";
  }
}

function accountOf(account: AccountSnapshot, snapshot: Snapshot, env: Environment): JourneyAccount {
  const { session, considered } = snapshot;
  const { row, covered } = account;
  const finding =
    session.accept_anything || !considered ? null : level1Finding(criteriaOf(env), considered, covered);
  return {
    accountId: row.public_id,
    bank: bankOf(row.bank_name),
    accountNumber: row.account_number,
    name: row.name,
    months: monthsOf(covered),
    missingMonths: finding?.code === "INCOMPLETE_MONTHS_UPLOAD" ? finding.months : [],
    missingDates: finding?.code === "INCOMPLETE_DATES_UPLOAD" ? finding.dates : [],
    statements: account.statements.map(statementView),
  };
}

/**
 * The customer says that this is all (ruling 9): completes the session, whatever it still lacks. Again, or where it was
 * complete already, it changes nothing. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, SESSION_EXPIRED, and
 * UNPARSABLE_STATEMENTS where nothing was read.
 */
export async function finishJourney(intake: Intake, env: Environment, sessionId: string): Promise<Journey> {
  // Expires it where its time has come.
  await currentSession(intake, env, sessionId);
  const { journey, lanes } = await inTransaction(intake.db, async ({ trx }) => {
    const session = await lockKnownSession(trx, env, sessionId);
    assertAllows(session.state, "read_uploads", sessionId);
    const at = intake.clock();
    const snapshot = await loadSnapshot(trx, env, session, at);
    if (!mayStep(session.state, "complete")) {
      if (session.state === "expired") throw new IntakeError("state", "SESSION_EXPIRED", { sessionId });
      return { journey: await journeyOf(intake, trx, env, snapshot), lanes: [] };
    }
    if (!hasRead(snapshot)) throw new IntakeError("state", "UNPARSABLE_STATEMENTS", { sessionId });
    const act = { actor: journeyActor(sessionId), at };
    const ended = await endUploads(trx, env, session, "complete", act);
    return {
      journey: await journeyOf(intake, trx, env, { ...snapshot, session: ended.session }),
      lanes: ended.lanes,
    };
  });
  intake.wake(lanes);
  return journey;
}

/**
 * Takes back the file that a statement came from, with whatever else was read from it, while the session is open.
 * A statement that is not there any more is as good as taken back. Throws IntakeError SESSION_NOT_FOUND,
 * SESSION_DELETED, SESSION_EXPIRED.
 */
export async function takeBackFile(
  intake: Intake,
  env: Environment,
  sessionId: string,
  statementId: string,
): Promise<Journey> {
  await currentSession(intake, env, sessionId);
  return inTransaction(intake.db, async ({ trx }) => {
    const session = await lockKnownSession(trx, env, sessionId);
    assertAllows(session.state, "upload", sessionId);
    // What was announced as complete stays as it was announced.
    if (session.state !== "open") throw new IntakeError("state", "SESSION_EXPIRED", { sessionId });
    const at = intake.clock();
    const blob = isUuidV4(statementId) ? await removeFileOf(trx, session, statementId) : undefined;
    if (blob !== undefined) {
      if (blob !== null) await planBlobDrop(trx, [blob]);
      await recordAudit(trx, {
        envId: env.id,
        at,
        actor: journeyActor(sessionId),
        action: "statement.take_back",
        target: resourceOf(session),
        detail: { statement: statementId },
      });
    }
    return journeyOf(intake, trx, env, await loadSnapshot(trx, env, session, at));
  });
}
