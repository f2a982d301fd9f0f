/**
 * `npm run schema` writes sql/schema.sql: what the migrations make, as PostgreSQL 15 dumps it.
 * With --check it writes nothing and fails where the committed file differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPlainPool } from "../src/store/connect.ts";
import { silentLog } from "../src/store/log.ts";
import { migrate } from "../src/store/migrate.ts";
import { hasPostgres15, startPostgres15, whereToGetIt } from "./postgres15.ts";

const FILE = join(import.meta.dirname, "..", "sql", "schema.sql");

async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  if (!hasPostgres15()) return check ? whereToGetIt() : (whereToGetIt(), 1);
  const dumped = await dump();
  if (!check) {
    writeFileSync(FILE, dumped);
    return 0;
  }
  if (dumped === readFileSync(FILE, "utf8")) return 0;
  process.stderr.write("sql/schema.sql is not what the migrations make: run npm run schema and commit it\n");
  return 1;
}

async function dump(): Promise<string> {
  const server = await startPostgres15();
  try {
    const pool = openPlainPool({ connection: server.connection, name: "schema", size: 2, log: silentLog });
    try {
      await migrate(pool);
    } finally {
      await pool.end();
    }
    // graphile_worker is the library's own and changes with it.
    const args = ["--schema-only", "--no-owner", "--no-privileges", "--schema=public", "postgres"];
    return normalise(server.client("pg_dump", args));
  } finally {
    await server.stop();
  }
}

/** What pg_dump adds of its own: headings, its version, settings for the session that reads it. */
const NOISE = [
  /^--( (Name|Data for Name|PostgreSQL database dump|Dumped (from|by)).*)?$/,
  /^SET (\w+_timeout|client_\w+|standard_conforming_strings|check_function_bodies|xmloption|row_security|default_\w+) = /,
  /^SELECT pg_catalog\.set_config\(/,
  /^\\(un)?restrict /,
];

/** Leaves what the migrations decide: no versions, no session settings, no random \restrict keys. */
function normalise(text: string): string {
  const kept = text.split("\n").filter((line) => !NOISE.some((noise) => noise.test(line)));
  const body = kept
    .join("\n")
    .replaceAll(/^(CREATE|COMMENT ON) SCHEMA public.*;$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
  return `-- Dumped by \`npm run schema\` from what the migrations make; not to be edited.\n\n${body}\n`;
}

process.exitCode = await main();
