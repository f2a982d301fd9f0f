/** The table of contents: everything that runs, in the order in which it starts; it stops the other way round. */
import { join } from "node:path";
import { buildServer } from "./http/server.ts";
import type { Ground } from "./ground.ts";
import { firstStart, type FirstKeys } from "./first-start.ts";
import type { Intake } from "./intake/context.ts";
import { intakeCron, intakeTasks, makeDayPartitions } from "./intake/jobs.ts";
import { createBlobs } from "./platform/blobs.ts";
import { systemClock } from "./platform/clock.ts";
import { startJobs } from "./platform/jobs.ts";
import { createOutgoing } from "./platform/outgoing.ts";
import { createMetrics } from "./platform/telemetry.ts";
import { createExtractor } from "./statement/pdf/pool.ts";
import { openDatabase, openPlainPool } from "./store/connect.ts";
import { migrate } from "./store/migrate.ts";
import { checkMasterKey } from "./master-key.ts";
import { listenFault } from "./port.ts";
import { createBell } from "./webhooks/bell.ts";
import { createDispatcher } from "./webhooks/dispatcher.ts";
import { replayTasks } from "./webhooks/replay.ts";

export const ROLES = ["http", "jobs", "deliveries"] as const;
export type Role = (typeof ROLES)[number];

export interface AppOptions {
  roles: readonly Role[];
  /** On the first start of a database: at once, for nobody can say them again if a later step fails. */
  onFirstKeys: (keys: FirstKeys) => void;
}

export interface App {
  /** Where it listens; null without the role http. */
  address: string | null;
  /** Finishes what has begun, then stops everything but the ground. */
  stop(): Promise<void>;
}

const VERSION = "0.1.0";
const EXTRACTION_MS = 60_000;
const JOBS_AT_ONCE = 2;
/** Per process and room; the embedded server takes 100 in all. */
const CONNECTIONS = { http: 16, deliveries: 6, jobs: 5 };

type Stop = () => Promise<unknown>;

/** Throws StartError where the port or the master key is not to be had; what had started is stopped. */
export async function startApp(ground: Ground, options: AppOptions): Promise<App> {
  const stops: Stop[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(ground, options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  ground: Ground,
  { roles, onFirstKeys }: AppOptions,
  stops: Stop[],
): Promise<Omit<App, "stop">> {
  const { config, log, master, connection } = ground;
  const metrics = createMetrics();
  const clock = systemClock;

  const database = await openDatabase({ connection, name: "bankbell", size: CONNECTIONS.http, log });
  stops.push(() => database.close());
  const db = database.kysely;
  await migrate(database.pool);
  const firstKeys = await firstStart(db, config, master, clock());
  if (firstKeys) onFirstKeys(firstKeys);
  await checkMasterKey(db, master);
  await makeDayPartitions(db, clock);

  const outgoing = createOutgoing({ allowNetworks: config.allowNetworks });
  stops.push(() => outgoing.close());
  const dispatcher = createDispatcher({ connection, master, outgoing, clock, log, metrics });
  stops.push(() => dispatcher.stop());
  // Without a dispatcher here, the events that this process records wake those of others.
  const bell = createBell(database.pool, log);
  stops.push(() => bell.close());
  const extractor = createExtractor({ onFault: (err) => log.error({ err }, "a fault while extracting") });
  stops.push(() => extractor.close());

  const intake: Intake = {
    db,
    clock,
    blobs: createBlobs(join(config.dataDir, "files")),
    extractor,
    wake: () => (roles.includes("deliveries") ? dispatcher.wake() : bell.ring()),
    limits: { maxPages: config.maxPages, timeoutMs: EXTRACTION_MS },
    connectUrl: `${config.publicUrl}/connect/`,
    log,
    metrics,
  };

  if (roles.includes("deliveries")) await dispatcher.start();
  if (roles.includes("jobs")) {
    const pool = openPlainPool({ connection, name: "bankbell jobs", size: CONNECTIONS.jobs, log });
    stops.push(() => pool.end());
    const jobs = await startJobs({
      pool,
      tasks: { ...intakeTasks(intake), ...replayTasks(intake) },
      cron: intakeCron,
      concurrency: JOBS_AT_ONCE,
      log,
    });
    stops.push(() => jobs.stop());
  }
  if (!roles.includes("http")) return { address: null };

  const server = await buildServer({
    db,
    master,
    clock,
    log,
    metrics,
    intake,
    version: VERSION,
    outgoing,
    maxUploadBytes: config.maxUploadBytes,
    allowNetworks: config.allowNetworks,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
  });
  stops.push(() => server.close());
  try {
    return { address: await server.listen({ port: config.port, host: config.host }) };
  } catch (error) {
    throw listenFault(error, config);
  }
}
