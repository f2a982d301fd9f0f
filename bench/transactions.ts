/**
 * `npm run -s bench:transactions [ROWS]`: `GET /bank_accounts/{id}/transactions` at 200 requests a second for 30 s while
 * 1,000,000 transactions are stored, in turn on the first page, on page 25,000 as `paging.next` leads there, and at random
 * places between. Real server, embedded database; the client shares the machine's cores. Last line: JSON. Exit code 1
 * where p99 is 25 ms or more.
 */
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, request } from "undici";
import { startChildServer } from "../src/child-server.ts";
import { connectTo } from "../test/main-path-setup.ts";

const ROWS = Number(process.argv[2] ?? 1_000_000);
const PER_S = 200;
const SECONDS = 30;
/** Not counted. */
const WARM_UP_S = 5;
const PAGE_ROWS = 20;
const FAR_PAGE = 25_000;
const TARGET_MS = 25;
const MOST_CONNECTIONS = 64;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const server = await startChildServer();
  const agent = new Agent({ connections: MOST_CONNECTIONS });
  try {
    const authorization = `Basic ${Buffer.from(`${server.keys.apiKey}:`).toString("base64")}`;
    const get = async (path: string) => {
      const { statusCode, body } = await request(server.url + path, {
        dispatcher: agent,
        headers: { authorization },
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text}`);
      return JSON.parse(text) as { data: { id: string }[]; paging: { next: string | null; total: number } };
    };
    const account = await store(server);
    const list = `/bank_accounts/${account}/transactions`;
    const places = await placesOf(list, get);
    print(`${ROWS} transactions stored; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}`);
    await play(places["between"] ?? [], get, WARM_UP_S);
    const results: Record<string, number> = {};
    for (const [name, paths] of Object.entries(places)) {
      const times = await play(paths, get);
      const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? 0;
      results[name] = at(0.99);
      print(
        `${name.padEnd(12)} p50 ${at(0.5).toFixed(1)} ms  p99 ${at(0.99).toFixed(1)} ms  slowest ${at(1).toFixed(1)} ms`,
      );
    }
    const holds = Object.values(results).every((ms) => ms < TARGET_MS);
    print(JSON.stringify({ rows: ROWS, per_s: PER_S, p99_ms: results, load: loadavg()[0], holds }));
    if (!holds) process.exitCode = 1;
  } finally {
    await agent.close();
    await server.stop();
  }
}

type Server = Awaited<ReturnType<typeof startChildServer>>;

/** Rows as a sync writes them; answers the account's id. */
async function store(server: Server): Promise<string> {
  const database = await connectTo(server);
  const { rows } = await database.query<{ env: number }>("select id as env from environments limit 1");
  const env = rows[0]?.env;
  const account = "ba_0000000000000000000000";
  await database.query(`insert into customers (env_id, public_id, name, created_at, updated_at)
    values (${env}, 'cus_bench', 'Bench', now(), now())`);
  await database.query(`insert into bank_accounts (env_id, public_id, customer_id, provider, bank_ref, fingerprint,
      currency, booked_count, created_at, updated_at)
    select ${env}, '${account}', id, 'orion', 'x', 'x', 'gbp', ${ROWS}, now(), now() from customers`);
  await database.query(`insert into bank_transactions (env_id, public_id, bank_account_id, status, at, amount, currency,
      description, category, merchant, balance, bank_ref, created_at)
    select ${env}, 'trn_' || lpad(n::text, 22, '0'), a.id, 'booked', now() - n * interval '97 seconds', -n % 10000, 'gbp',
      'CARD PAYMENT TO INVENTED SHOP ' || n, 'Groceries', 'INVENTED SHOP', 100000 - n, 'ref-' || n, now()
    from bank_accounts a, generate_series(1, ${ROWS}) n`);
  await database.query("vacuum analyze bank_transactions");
  // What storing left behind is written before we measure, not while.
  await database.query("checkpoint");
  await database.end();
  return account;
}

type Get = (path: string) => Promise<{ paging: { next: string | null } }>;

/**
 * Page 25,000 as a client meets it that follows `next` from the first: the link's cursor is that of the row before it,
 * which an offset finds once, beforehand. Places between are found alike.
 */
async function placesOf(list: string, get: Get): Promise<Record<string, string[]>> {
  const linkAfter = async (page: number) => {
    const { paging } = await get(`${list}?limit=${PAGE_ROWS}&offset=${(page - 2) * PAGE_ROWS}`);
    if (paging.next === null) throw new Error(`There is no page ${page}.`);
    return paging.next;
  };
  const pages = ROWS / PAGE_ROWS;
  const far = Math.min(FAR_PAGE, Math.floor(pages));
  const between: string[] = [];
  for (let i = 1; i <= 40; i++) between.push(await linkAfter(2 + Math.floor(((pages - 3) * i) / 40)));
  return { first: [list], page_25000: [await linkAfter(far)], between };
}

/** Sent by the clock, whether or not the one before is answered; milliseconds, ascending. */
async function play(paths: readonly string[], get: Get, seconds = SECONDS): Promise<number[]> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < PER_S * seconds; n++) {
    const due = start + (n * 1000) / PER_S;
    const wait = due - performance.now();
    if (wait > 1) await pause(wait);
    const sent = performance.now();
    running.push(get(paths[n % paths.length] ?? "").then(() => void times.push(performance.now() - sent)));
  }
  await Promise.all(running);
  return times.sort((a, b) => a - b);
}

await main();
