/**
 * The cheapest honest HTTP/1.1 receiver: requests are read straight from the socket, each is answered with a status
 * and no body. For senders that say Content-Length and do not pipeline, as undici does; 3 µs per request, so that
 * the receiver is not what a bench measures.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface RawRequest {
  path: string;
  /** Its head, in which `headerOf` finds a header. */
  head: string;
  body: string;
}

/** Answers the status, never, or not at all: the connection is cut. */
export type Answer = (request: RawRequest) => number | "never" | "cut";

const REASONS = new Map([
  [200, "OK"],
  [500, "Internal Server Error"],
]);
const answers = new Map(
  [...REASONS].map(([status, reason]) => [
    status,
    Buffer.from(`HTTP/1.1 ${status} ${reason}\r\ncontent-length: 0\r\n\r\n`),
  ]),
);

/** The value of a header whose name is given in lower case; "" where it is not there. */
export function headerOf(head: string, name: string): string {
  const at = head.indexOf(`\r\n${name}: `);
  if (at < 0) return "";
  const from = at + name.length + 4;
  return head.slice(from, head.indexOf("\r\n", from));
}

export interface RawServer {
  port: number;
  close(): void;
}

/** Listens on 127.0.0.1. */
export async function startRawServer(answer: Answer): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, answer);
  });
  server.listen(0, "127.0.0.1", 4096);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("There is no port.");
  return {
    port: address.port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function serve(socket: Socket, answer: Answer): void {
  let waiting = "";
  // latin1: one character per byte, so that Content-Length counts characters.
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    waiting += chunk;
    for (;;) {
      const end = waiting.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = waiting.slice(0, end + 2);
      const whole = end + 4 + Number(headerOf(head, "content-length"));
      if (waiting.length < whole) return;
      const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
      const status = answer({ path, head, body: waiting.slice(end + 4, whole) });
      waiting = waiting.slice(whole);
      if (status === "cut") return void socket.destroy();
      if (status !== "never") socket.write(answers.get(status) ?? "");
    }
  });
  // A sender that was killed.
  socket.on("error", () => socket.destroy());
}
