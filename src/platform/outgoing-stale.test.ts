/** Connections that the receiver closes while they are kept. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { createOutgoing, type Outgoing, type OutgoingRequest } from "./outgoing.ts";

let outgoing: Outgoing;
let port = 0;
/** What the server does with the n-th request of the m-th connection. */
let behave: (socket: Socket, request: number, connection: number) => void;
let connections = 0;
let requests = 0;
const sockets = new Set<Socket>();
const ok = (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
const server = createServer((socket) => {
  const connection = ++connections;
  let request = 0;
  sockets.add(socket);
  socket.on("error", () => undefined);
  socket.on("data", () => {
    requests++;
    behave(socket, ++request, connection);
  });
});
before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
  outgoing = createOutgoing({
    allowNetworks: ["127.0.0.0/8"],
    resolve: () => Promise.resolve(["127.0.0.1"]),
  });
});
after(async () => {
  await outgoing.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, "close");
});
beforeEach(() => {
  connections = 0;
  requests = 0;
});

const send = (pool: string) => {
  const request: OutgoingRequest = {
    url: `http://receiver.test:${port}/hook`,
    method: "POST",
    headers: {},
    body: Buffer.from("{}"),
    timeoutMs: 2000,
    bodyTimeoutMs: 1000,
    keepBytes: 1024,
    maxBytes: 4096,
    connections: 1,
    pool,
  };
  return outgoing.send(request);
};

for (const [how, breakIt] of [
  ["reset", (socket: Socket) => void socket.resetAndDestroy()],
  ["closed", (socket: Socket) => void socket.end()],
] as const) {
  test(`a kept connection that is ${how} before an answer: sent again at once, on a new one`, async () => {
    behave = (socket, request, connection) =>
      connection === 1 && request === 2 ? breakIt(socket) : ok(socket);
    const first = await send(how);
    assert.equal(first.status, 200);
    assert.ok(first.dnsUs !== null && first.tlsUs === null, "a new connection to a name, without TLS");
    const second = await send(how);
    assert.equal(second.status, 200);
    assert.equal(second.error, null);
    assert.ok(
      (second.connectUs ?? 0) <= (second.firstByteUs ?? 0) && (second.firstByteUs ?? 0) <= second.totalUs,
    );
    assert.deepEqual([connections, requests], [2, 3]);
    const third = await send(how);
    assert.equal(third.dnsUs, null, "kept");
    assert.equal(connections, 2);
  });
}

test("a new connection that is reset is a failure: nothing is sent again", async () => {
  behave = (socket) => void socket.resetAndDestroy();
  const answer = await send("fresh");
  assert.deepEqual([answer.status, answer.error], [null, "reset"]);
  assert.deepEqual([connections, requests], [1, 1]);
});

test("once only: where the new connection is reset too, that is the answer", async () => {
  behave = (socket, request, connection) =>
    connection === 1 && request === 1 ? ok(socket) : void socket.resetAndDestroy();
  await send("twice");
  const answer = await send("twice");
  assert.deepEqual([answer.status, answer.error], [null, "reset"]);
  assert.deepEqual([connections, requests], [2, 3]);
});

test("a kept connection that is reset after the head is not sent again", async () => {
  behave = (socket, request) => {
    if (request === 1) return void ok(socket);
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf", () => socket.resetAndDestroy());
  };
  await send("head");
  const answer = await send("head");
  assert.equal(answer.status, 200);
  assert.deepEqual([connections, requests], [1, 2]);
});
