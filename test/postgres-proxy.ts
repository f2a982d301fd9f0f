/**
 * A PostgreSQL server between a program and the real one, for tests that kill the program at a named statement:
 *
 *     const point = proxy.stopAt(/insert into "payments"/, "before commit");
 *     … whatever makes the program commit that transaction …
 *     await point;      // its COMMIT is held, or done and its answer held: the program waits for ever
 *
 * Reads the wire protocol as far as it must: a message is a letter (but for the first), a length and that much.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { PoolConfig } from "pg";

/** `commit` is the end of a transaction; `statement` one that commits by itself. */
export type Moment = "before commit" | "after commit" | "before statement" | "after statement";

export interface PostgresProxy {
  /** For DATABASE_URL. */
  url: string;
  /** Resolves when the program has come there, once; what it has sent then is held or its answer is. */
  stopAt(said: RegExp, moment: Moment): Promise<void>;
  close(): Promise<void>;
}

interface Stop {
  said: RegExp;
  moment: Moment;
  reached: () => void;
}

export async function startPostgresProxy(server: PoolConfig, database: string): Promise<PostgresProxy> {
  let stop: Stop | null = null;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The other side is gone with it: killed, as the test wants it.
    socket.on("error", () => undefined);
    return socket;
  };
  const listener = createServer((client) => {
    const upstream = keep(connect(addressOf(server)));
    keep(client);
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    relay(
      client,
      upstream,
      () => stop,
      () => (stop = null),
    );
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (typeof address !== "object" || !address) throw new Error("The proxy has no port.");
  return {
    url: `postgresql://${userOf(server)}@127.0.0.1:${address.port}/${database}`,
    stopAt: (said, moment) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      stop = { said, moment, reached: resolve };
      return promise;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

function relay(client: Socket, upstream: Socket, current: () => Stop | null, done: () => void): void {
  let isFirst = true;
  let pending = Buffer.alloc(0);
  /** What the open transaction has said; and what the statement on its way says. */
  let transaction = "";
  let isHeld = false;
  let afterAnswer: (() => void) | null = null;

  const reach = ({ reached }: Stop) => {
    isHeld = true;
    done();
    reached();
  };
  const judge = (message: Buffer): boolean => {
    const kind = String.fromCharCode(message[0] ?? 0);
    if (!"QPB".includes(kind)) return true;
    const said = message.toString("latin1");
    const isCommit = kind === "Q" && /^Q....commit\0/is.test(said);
    if (kind === "Q" && /^Q....(begin|start transaction)/is.test(said)) transaction = "";
    if (!isCommit) transaction += said;
    const stop = current();
    const wanted =
      stop !== null && stop.said.test(transaction) && isCommit === stop.moment.endsWith("commit");
    if (isCommit) transaction = "";
    if (!stop || !wanted) return true;
    if (stop.moment.startsWith("before")) {
      reach(stop);
      return false;
    }
    afterAnswer = () => reach(stop);
    return true;
  };
  client.on("data", (chunk: Buffer) => {
    if (isHeld) return;
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const at = isFirst ? 0 : 1;
      if (pending.length < at + 4) return;
      const length = at + pending.readUInt32BE(at);
      if (pending.length < length) return;
      const message = pending.subarray(0, length);
      pending = pending.subarray(length);
      if (!isFirst && !judge(message)) return;
      isFirst = false;
      upstream.write(message);
    }
  });
  upstream.on("data", (chunk: Buffer) => {
    // ReadyForQuery is the last of an answer: Z, length 5, and how the transaction stands.
    const isReady = chunk.length >= 6 && chunk[chunk.length - 6] === 0x5a;
    if (afterAnswer && isReady) {
      afterAnswer();
      afterAnswer = null;
    }
    if (!isHeld) client.write(chunk);
  });
}

const addressOf = (server: PoolConfig) => {
  if (server.connectionString !== undefined) {
    const { hostname, port } = new URL(server.connectionString);
    return { host: hostname, port: Number(port || 5432) };
  }
  const { host = "", port = 5432 } = server;
  return host.startsWith("/") ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port };
};

const userOf = (server: PoolConfig): string => {
  if (server.connectionString === undefined) return server.user ?? "";
  const { username, password } = new URL(server.connectionString);
  return password === "" ? username : `${username}:${password}`;
};
