/** The sink as its starter sees it, and how much it can take. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";

export interface SinkReport {
  /** Different ids. */
  seen: number;
  duplicated: number;
  /** Id and epoch milliseconds of each first arrival; only in a full report. */
  arrivals: [string, number][];
}

export interface Sink {
  /** `http://127.0.0.1:<port>`, without a path. */
  origin: string;
  /** Counts anew. */
  reset(): Promise<void>;
  /** Resolves when so many different ids have come. */
  reach(count: number): Promise<SinkReport>;
  report(): Promise<SinkReport>;
  stop(): void;
}

export async function startSink(): Promise<Sink> {
  const child = fork(join(import.meta.dirname, "sink.ts"));
  const answer = async (message: object): Promise<unknown> => {
    child.send(message);
    const [reply] = (await once(child, "message")) as [unknown];
    return reply;
  };
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    origin: `http://127.0.0.1:${port}`,
    reset: async () => void (await answer({ reset: true })),
    reach: async (count) => (await answer({ reach: count })) as SinkReport,
    report: async () => (await answer({ report: true })) as SinkReport,
    stop: () => child.kill(),
  };
}

const LIMIT_SOCKETS = 64;

/** Requests per second that the sink answers to bare sockets which write the same bytes again and again. */
export async function sinkLimit({ origin }: Sink, requests: number): Promise<number> {
  const port = Number(new URL(origin).port);
  const body = "x".repeat(430);
  const request = Buffer.from(
    `POST /hook HTTP/1.1\r\nhost: 127.0.0.1\r\nwebhook-id: limit\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  const start = performance.now();
  let left = requests;
  const one = async () => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("data", () => {
      if (left-- > 0) socket.write(request);
      else socket.end();
    });
    left--;
    socket.write(request);
    await once(socket, "close");
  };
  await Promise.all(Array.from({ length: LIMIT_SOCKETS }, one));
  return requests / ((performance.now() - start) / 1000);
}
