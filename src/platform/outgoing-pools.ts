/** Kept connections: one pool for each origin, name and number of connections. */
import { Pool } from "undici";
import { parseNetworks } from "./addresses.ts";
import {
  guardedConnector,
  systemResolve,
  type ClientIdentity,
  type ConnectOptions,
  type MadeConnection,
  type Resolve,
} from "./outgoing-connect.ts";
import { OutgoingFault } from "./outgoing-errors.ts";

/** 10,000 short headers are about 100 kB: too large; what honest servers send is below 8 KiB. */
const MAX_HEADER_BYTES = 32 * 1024;
const CONNECT_MS = 5000;
const IDLE_POOL_MS = 60_000;
/** Names are looked up again at least this often, even where the connection would live longer. */
const CONNECTION_MS = 300_000;

/** What is never reached stays closed (`addresses.ts`). */
const ANYWHERE = parseNetworks(["0.0.0.0/0", "::/0"]);

export interface KeptPool {
  pool: Pool;
  /** The last connection that was made. */
  made: MadeConnection | null;
  /** Errors that broke a connection which had brought an answer before. */
  stale: WeakSet<Error>;
  running: number;
  /** performance.now() of the last use. */
  usedAt: number;
}

export interface Pools {
  of(url: URL, name: string, connections: number): KeptPool;
  /** Its other connections are as old as the one that broke: what runs on them ends, nothing new begins there. */
  retire(kept: KeptPool): void;
  /** Cuts what is running. */
  close(): Promise<void>;
}

export interface PoolOptions {
  allowNetworks: readonly string[];
  resolve?: Resolve;
  ca?: string;
  identity?: ClientIdentity;
  knownHosts?: readonly string[];
}

export function createPools({ allowNetworks, resolve = systemResolve, ...more }: PoolOptions): Pools {
  const allowed = parseNetworks(allowNetworks);
  const known = new Set(more.knownHosts);
  const { ca = null, identity = null } = more;
  const pools = new Map<string, KeptPool>();
  const retired = new Set<Pool>();
  const sweep = setInterval(() => dropIdle(pools), IDLE_POOL_MS / 2).unref();
  return {
    of(url, name, connections) {
      const key = `${name} ${connections} ${url.origin}`;
      const opened = pools.get(key);
      if (opened) return opened;
      // The port counts: what else listens on an operator's host is not the bank.
      const isKnown = known.has(url.hostname) || known.has(url.host);
      const trust = { allowed: isKnown ? ANYWHERE : allowed, resolve, ca, identity };
      const kept = openPool(url.origin, connections, trust);
      pools.set(key, kept);
      return kept;
    },
    retire(kept) {
      for (const [key, known] of pools) if (known === kept) pools.delete(key);
      retired.add(kept.pool);
      void kept.pool.close().then(() => retired.delete(kept.pool));
    },
    async close() {
      clearInterval(sweep);
      const all = [...retired, ...[...pools.values()].map(({ pool }) => pool)];
      await Promise.all(all.map((pool) => pool.destroy(new OutgoingFault("stopped"))));
      pools.clear();
    },
  };
}

function openPool(
  origin: string,
  connections: number,
  trust: Pick<ConnectOptions, "allowed" | "resolve" | "ca" | "identity">,
): KeptPool {
  const connect = guardedConnector({
    ...trust,
    timeoutMs: CONNECT_MS,
    onConnected: (connection) => {
      kept.made = connection;
    },
    onBroken: (error, answered) => {
      if (answered) kept.stale.add(error);
    },
  });
  const pool = new Pool(origin, {
    connect,
    connections,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The whole is timed by `exchange`.
    headersTimeout: 0,
    bodyTimeout: 0,
    clientTtl: CONNECTION_MS,
  });
  const kept: KeptPool = { pool, made: null, stale: new WeakSet(), running: 0, usedAt: performance.now() };
  return kept;
}

function dropIdle(pools: Map<string, KeptPool>): void {
  const before = performance.now() - IDLE_POOL_MS;
  for (const [key, { pool, running, usedAt }] of pools) {
    if (running > 0 || usedAt > before) continue;
    pools.delete(key);
    // Nothing runs in it: destroying closes idle sockets only.
    void pool.destroy();
  }
}
