/**
 * `npm run -s chaos -- [seed]`: kill -9 of workers 50 times and of PostgreSQL 5 times at random during 50,000
 * deliveries over 50 endpoints that fail 10 % of the time, with steps of the workers' clocks of up to an hour.
 * Nothing lost, no more repeated than was in flight at the kills, order kept, ledger and database alike; else it
 * exits with 1. Prints its seed; last line: JSON.
 */
import { runChaos } from "./chaos-run.ts";

const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}`);
const report = await runChaos({
  seed,
  endpoints: 50,
  deliveries: 50_000,
  workers: 3,
  workerKills: 50,
  postgresKills: 5,
  clockSteps: 20,
  say: console.log,
});
const { disordered, differences, ...numbers } = report;
for (const fault of [...disordered, ...differences].slice(0, 20)) console.log(fault);
const good =
  report.lost === 0 &&
  report.duplicated <= report.inFlightAtKills &&
  disordered.length === 0 &&
  differences.length === 0;
console.log(
  JSON.stringify({ seed, ...numbers, disordered: disordered.length, differences: differences.length, good }),
);
process.exitCode = good ? 0 : 1;
