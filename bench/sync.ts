/**
 * `npm run -s bench:sync`: an account of 100,000 transactions, from the customer's yes at Orion until its first sync has
 * ended, on the real server over its embedded database, with Orion as a process of its own. All share the machine's
 * cores. Last line: JSON. Exit code 1 where a target is missed: 20 s, 250 MB resident.
 */
import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { openBankingWorld, until } from "../test/open-banking-world.ts";
import { residentMb, watchResident } from "./resident.ts";

const TARGET = { seconds: 20, mb: 250 };
const PATIENCE_MS = 300_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const world = await openBankingWorld({ onLog: (text) => void process.stderr.write(text.slice(0, 400)) });
  let memory: ReturnType<typeof watchResident> | null = null;
  try {
    const { pid } = world.server.process;
    if (pid === undefined) throw new Error("The server did not start.");
    const load = loadavg()[0] ?? 0;
    const before = await residentMb(pid);
    const customer = await world.newCustomer();
    const consent = await world.newConsent(customer);
    memory = watchResident(pid);
    await world.walk(consent, "dora");
    const start = performance.now();
    const cpuBefore = await cpuSeconds(pid);
    const synced = await until(async () => {
      const [account] = await world.accounts(customer);
      if (!account) return null;
      const sync = await world.ask(`/bank_accounts/${String(account["id"])}/sync`);
      return sync["synced_to"] === null ? null : account;
    }, PATIENCE_MS);
    const seconds = (performance.now() - start) / 1000;
    const cpu = (await cpuSeconds(pid)) - cpuBefore;
    const mb = Math.max(...(await memory.stop()));
    const list = await world.ask(`/bank_accounts/${String(synced["id"])}/transactions?limit=1`);
    const { total } = list["paging"] as { total: number };
    const again = await syncAgain(world, String(synced["id"]));
    print(`load of the machine before ${load.toFixed(1)}; resident before ${before} MB, most ${mb} MB`);
    print(
      `${total} transactions in ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of them the server's processor (${Math.round(total / seconds)}/s); again, incremental: ${again.toFixed(2)} s`,
    );
    const holds = total >= 100_000 && seconds < TARGET.seconds && mb < TARGET.mb;
    print(
      JSON.stringify({
        transactions: total,
        seconds: round(seconds),
        server_cpu_s: round(cpu),
        most_mb: mb,
        incremental_s: round(again),
        load: round(load),
        holds,
      }),
    );
    if (!holds) process.exitCode = 1;
  } catch (error) {
    await memory?.stop();
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await world.stop();
  }
}

async function syncAgain(world: Awaited<ReturnType<typeof openBankingWorld>>, id: string): Promise<number> {
  const start = performance.now();
  await world.ask(`/bank_accounts/${id}/sync`, {});
  await until(
    async () => ((await world.ask(`/bank_accounts/${id}/sync`))["status"] === "idle" ? true : null),
    PATIENCE_MS,
  );
  return (performance.now() - start) / 1000;
}

/** Of the server alone, without PostgreSQL and Orion: what other load on the machine changes least. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const round = (value: number) => Math.round(value * 100) / 100;

await main();
