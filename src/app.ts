/** The table of contents: everything that runs, in the order in which it starts; it stops the other way round. */
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { createJourneyTokens } from "./http/journey-token.ts";
import { createNetBankingLinks } from "./http/net-banking-links.ts";
import { buildServer, type ServerDeps } from "./http/server.ts";
import { createLinkSigner } from "./platform/signed-links.ts";
import { printableLink } from "./http/signin/first-owner.ts";
import type { Ground } from "./ground.ts";
import { firstStart, type FirstKeys } from "./first-start.ts";
import type { Connect } from "./connect/context.ts";
import { reconcilePayments } from "./connect/payments/jobs.ts";
import { openProviders, ProvidersError, type OpenProviders } from "./connect/providers/configured.ts";
import { ConfigError } from "./config.ts";
import type { Intake } from "./intake/context.ts";
import { makeDayPartitions } from "./intake/jobs.ts";
import { createBlobs } from "./platform/blobs.ts";
import { systemClock, type Clock } from "./platform/clock.ts";
import { startJobs } from "./platform/jobs.ts";
import { createMailer } from "./platform/mail.ts";
import { createOutgoing, type Outgoing } from "./platform/outgoing.ts";
import { createMetrics, type Metrics } from "./platform/telemetry.ts";
import { createExtractor } from "./statement/pdf/pool.ts";
import { openDatabase, openPlainPool, type Database } from "./store/connect.ts";
import { knownEnvironment } from "./store/environments.ts";
import { migrate } from "./store/migrate.ts";
import { bankReach, netBankingSink } from "./net-banking.ts";
import { pageReports } from "./page-report.ts";
import { checkMasterKey } from "./master-key.ts";
import { listenFault } from "./port.ts";
import { runnersOf } from "./runners.ts";
import { createBell } from "./webhooks/bell.ts";
import { createDispatcher } from "./webhooks/dispatcher.ts";

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
  /** Where the first owner of the console is made; null where somebody can sign in already, or without the role http. */
  firstOwnerLink: string | null;
  /** Finishes what has begun, then stops everything but the ground. */
  stop(): Promise<void>;
}

const EXTRACTION_MS = 60_000;
/** Of the tables' readers and writers in this process; the job runners' are theirs (`runners.ts`). */
const HTTP_CONNECTIONS = 16;

type Stops = (() => Promise<unknown>)[];

/** Throws StartError where the port or the master key is not to be had; what had started is stopped. */
export async function startApp(ground: Ground, options: AppOptions): Promise<App> {
  const stops: Stops = [];
  // A room that fails to stop keeps no other from stopping.
  const stop = async () => {
    const faults: unknown[] = [];
    for (const end of stops.splice(0).reverse()) await end().catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw faults[0];
  };
  try {
    return { ...(await start(ground, options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(ground: Ground, options: AppOptions, stops: Stops): Promise<Omit<App, "stop">> {
  const { config, log, connection } = ground;
  const database = await openDatabase({ connection, name: "bankbell", size: HTTP_CONNECTIONS, log });
  stops.push(() => database.close());
  await prepare(ground, options, database);
  const metrics = createMetrics();
  const outgoing = createOutgoing({ allowNetworks: config.allowNetworks });
  stops.push(() => outgoing.close());
  const wake = await startDeliveries(ground, options, { database, outgoing, metrics }, stops);
  const extractor = createExtractor({ onFault: (err) => log.error({ err }, "a fault while extracting") });
  stops.push(() => extractor.close());

  const providers = await configuredProviders(config, ground.master, systemClock);
  stops.push(() => providers.close());
  const intake: Intake = {
    db: database.kysely,
    clock: systemClock,
    blobs: createBlobs(join(config.dataDir, "files")),
    extractor,
    wake,
    limits: { maxPages: config.maxPages, timeoutMs: EXTRACTION_MS },
    connectUrl: `${config.publicUrl}/connect/`,
    reach: bankReach(providers, database.kysely),
    environment: (envId) => knownEnvironment(database.kysely, ground.master, envId),
    log,
    metrics,
  };
  const connect = createConnect(ground, intake, providers, stops);
  if (options.roles.includes("jobs")) await startTasks(ground, intake, connect, stops);
  if (!options.roles.includes("http")) return { address: null, firstOwnerLink: null };
  const address = await startHttp(
    ground,
    { intake, connect, outgoing, reportOf: pageReports(extractor, intake.limits) },
    stops,
  );
  return {
    address,
    firstOwnerLink: await printableLink(database.kysely, config.publicUrl, systemClock()),
  };
}

/** What must be right before anything runs: schema, keys, partitions. */
async function prepare(
  { config, master }: Ground,
  { onFirstKeys }: AppOptions,
  { pool, kysely }: Database,
): Promise<void> {
  await migrate(pool);
  const firstKeys = await firstStart(kysely, config, master, systemClock());
  if (firstKeys) onFirstKeys(firstKeys);
  await checkMasterKey(kysely, master);
  await makeDayPartitions(kysely, systemClock);
}

interface Sending {
  database: Database;
  outgoing: Outgoing;
  metrics: Metrics;
}

/** Answers how to wake the deliveries after a commit: our own dispatcher, or those of other processes. */
async function startDeliveries(
  { connection, master, log }: Ground,
  { roles }: AppOptions,
  { database, outgoing, metrics }: Sending,
  stops: Stops,
): Promise<Intake["wake"]> {
  if (!roles.includes("deliveries")) {
    const bell = createBell(database.pool, log);
    stops.push(() => bell.close());
    return (lanes) => bell.ring(lanes);
  }
  const dispatcher = createDispatcher({ connection, master, outgoing, clock: systemClock, log, metrics });
  stops.push(() => dispatcher.stop());
  await dispatcher.start();
  return (lanes) => dispatcher.wake(lanes);
}

/** Throws ConfigError naming every fault of the file. */
async function configuredProviders(
  { providersFile, orion, orionUrl, ...config }: Ground["config"],
  master: Ground["master"],
  clock: Clock,
): Promise<OpenProviders> {
  try {
    return await openProviders({
      ...config,
      file: providersFile,
      orionUrl: orion ? orionUrl : null,
      master,
      clock,
    });
  } catch (error) {
    throw error instanceof ProvidersError ? new ConfigError(error.faults) : error;
  }
}

function createConnect(
  { config, master }: Ground,
  intake: Intake,
  providers: Connect["providers"],
  stops: Stops,
): Connect {
  const { db, clock, log, metrics } = intake;
  const mailer = createMailer({ url: config.smtpUrl, from: config.mailFrom });
  stops.push(async () => mailer?.close());
  const links = createLinkSigner(master);
  const journeyTokens = createJourneyTokens(links);
  const netBankingLinks = createNetBankingLinks(links, config.publicUrl);
  return {
    db,
    clock,
    providers,
    netBanking: netBankingSink({ intake, journeyTokens, netBankingLinks }),
    environment: (envId) => intake.environment(envId),
    mailer,
    wake: (lanes) => intake.wake(lanes),
    publicUrl: config.publicUrl,
    log,
    metrics,
  };
}

async function startTasks(
  { connection, log }: Ground,
  intake: Intake,
  connect: Connect,
  stops: Stops,
): Promise<void> {
  for (const { name, connections: size, ...jobs } of runnersOf(intake, connect)) {
    const pool = openPlainPool({ connection, name: `bankbell ${name}`, size, log });
    stops.push(() => pool.end());
    const runner = await startJobs({ ...jobs, pool, log });
    stops.push(() => runner.stop());
  }
  await reconcilePayments(connect);
}

/** Throws StartError where the port is taken; answers the address. */
async function startHttp(
  { config, master }: Ground,
  served: Pick<ServerDeps, "intake" | "connect" | "outgoing" | "reportOf">,
  stops: Stops,
): Promise<string> {
  const { intake, connect } = served;
  const { db, clock, log, metrics } = intake;
  const server = await buildServer({
    ...served,
    db,
    master,
    clock,
    log,
    metrics,
    mailer: connect.mailer,
    version: packageJson.version,
    maxUploadBytes: config.maxUploadBytes,
    allowNetworks: config.allowNetworks,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
  });
  stops.push(() => server.close());
  try {
    return await server.listen({ port: config.port, host: config.host });
  } catch (error) {
    throw listenFault(error, config);
  }
}
