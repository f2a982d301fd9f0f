/**
 * A process that starts an embedded PostgreSQL and keeps it: `node start-embedded.ts FOLDER`.
 * Prints one line of JSON when it is up; a line on stdin makes it stop the database and exit.
 */
import { once } from "node:events";
import { startEmbedded } from "../../src/store/embedded.ts";
import { silentLog } from "../../src/store/log.ts";

const database = await startEmbedded({ dataDir: process.argv[2] ?? "", log: silentLog });
const { adopted, socketDir } = database;
process.stdout.write(`${JSON.stringify({ pid: database.pid(), adopted, socketDir })}\n`);
await once(process.stdin, "data");
await database.stop();
process.exit(0);
