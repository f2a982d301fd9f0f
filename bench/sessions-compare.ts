/** Three witnesses of the same sessions: the receiver's ledger, the database, and what polling said. */
import type { Client } from "pg";
import { COMPLETION, ENRICHMENT, type Delivery } from "../test/main-path-setup.ts";
import type { Played, PlayedSession } from "./sessions-play.ts";

export interface Comparison {
  /** Sessions, statements and webhooks that should be there and are not. */
  lost: string[];
  /** What is there more than once. */
  double: string[];
  /** Where two witnesses disagree, or what was read is not what was sent. */
  wrong: string[];
}

interface Recorded {
  id: string;
  state: string;
  accounts: number;
  statements: number;
  transactions: number;
  number: string | null;
  events: string[];
}

/** One row per session. `events` are public ids, which webhooks carry as `webhook-id`, with their types. */
const RECORDED = `
  select s.public_id::text as id, s.state,
    (select count(*)::int from accounts a where a.env_id = s.env_id and a.session_id = s.id) as accounts,
    (select min(a.account_number) from accounts a where a.env_id = s.env_id and a.session_id = s.id) as number,
    (select count(*)::int from statements t where t.env_id = s.env_id and t.session_id = s.id) as statements,
    (select count(*)::int from transactions x join statements t on t.env_id = x.env_id and t.id = x.statement_id
      where t.env_id = s.env_id and t.session_id = s.id and x.duplicate_of is null) as transactions,
    array(select e.type || ' ' || e.public_id from events e
      where e.env_id = s.env_id and e.resource = 'session:' || s.public_id order by e.id) as events
  from sessions s where s.kind = 'session'`;

export async function compare(database: Client, played: Played): Promise<Comparison> {
  const { rows } = await database.query<Recorded>(RECORDED);
  const { rows: waiting } = await database.query<{ count: number }>(
    "select count(*)::int as count from queue",
  );
  const recorded = new Map(rows.map((row) => [row.id, row]));
  const delivered = Map.groupBy(played.deliveries, ({ body }) => body.session_id);
  const verdict: Comparison = { lost: [], double: [], wrong: [...played.faults] };
  for (const session of played.sessions) {
    judge(verdict, session, recorded.get(session.id), delivered.get(session.id) ?? []);
  }
  const ours = new Set(played.sessions.map(({ id }) => id));
  if (ours.size < played.sessions.length) verdict.double.push("two sessions have one id");
  for (const id of recorded.keys()) if (!ours.has(id)) verdict.double.push(`${id}: nobody asked for it`);
  for (const id of delivered.keys()) if (!ours.has(id)) verdict.wrong.push(`${id}: a webhook of no session`);
  if ((waiting[0]?.count ?? 0) > 0) verdict.wrong.push(`${waiting[0]?.count} deliveries still wait`);
  return verdict;
}

function judge(
  { lost, double, wrong }: Comparison,
  { id, statement, polled, atArrival }: PlayedSession,
  row: Recorded | undefined,
  deliveries: readonly Delivery[],
): void {
  if (!row) return void lost.push(`${id}: not in the database`);
  const count = (what: string, found: number): void => {
    if (found < 1) lost.push(`${id}: no ${what}`);
    if (found > 1) double.push(`${id}: ${found} ${what}`);
  };
  count("account", row.accounts);
  count("statement", row.statements);
  for (const type of [COMPLETION, ENRICHMENT]) {
    const events = row.events.filter((event) => event.startsWith(`${type} `));
    const sent = deliveries.filter(({ body }) => body.event_name === type);
    count(`${type} recorded`, events.length);
    count(`${type} received`, sent.length);
    if (sent.some((one) => !events.includes(`${type} ${one.id}`)))
      wrong.push(`${id}: a ${type} that was not recorded`);
  }
  if (deliveries[0]?.body.event_name !== COMPLETION) wrong.push(`${id}: completion did not come first`);
  if (row.state !== "processed") wrong.push(`${id}: ${row.state} in the database`);
  if (row.transactions !== statement.rows)
    wrong.push(`${id}: ${row.transactions} of ${statement.rows} transactions`);
  if (row.number !== statement.accountNumber) wrong.push(`${id}: another account's number`);
  if (!polled) return void lost.push(`${id}: polling did not end`);
  const last4 = statement.accountNumber.slice(-4);
  if (polled.accountStatus !== "completed" || !polled.accountNumber.endsWith(last4))
    wrong.push(`${id}: polling says ${polled.accountStatus}`);
  if (atArrival !== "completed") wrong.push(`${id}: ${atArrival} when the webhook had arrived`);
}
