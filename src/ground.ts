/** What every command that touches the database stands on: the server's address, the master key, the log. */
import type { PoolConfig } from "pg";
import { readConfig, type Config } from "./config.ts";
import { masterKeyOf } from "./master-key.ts";
import type { SealKey } from "./platform/crypto.ts";
import { terminalLog } from "./platform/log-lines.ts";
import { createLog, type Log } from "./platform/telemetry.ts";
import { connectionOf } from "./store/connect.ts";
import { startEmbedded } from "./store/embedded.ts";

export interface Ground {
  config: Config;
  log: Log;
  master: SealKey;
  connection: PoolConfig;
  /** Stops the embedded PostgreSQL, unless another process still uses it. */
  stop(): Promise<void>;
}

/** Throws ConfigError, or what PostgreSQL's start says. */
export async function openGround(env: NodeJS.ProcessEnv, stderr: NodeJS.WriteStream): Promise<Ground> {
  const config = readConfig(env, process.cwd());
  const log = createLog(config.logLevel, stderr.isTTY ? terminalLog(stderr, !env["NO_COLOR"]) : stderr);
  const master = await masterKeyOf(config);
  if (config.databaseUrl !== null) {
    return { config, log, master, connection: connectionOf(config.databaseUrl), stop: async () => {} };
  }
  const embedded = await startEmbedded({ dataDir: config.dataDir, log });
  return { config, log, master, connection: embedded.connection, stop: () => embedded.stop() };
}
