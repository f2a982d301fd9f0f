/** Receivers that mean harm, or know no better. Each delivery's row in the history says what happened. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttps } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { after, afterEach, before, test } from "node:test";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { attemptsOfEvent, type Attempt } from "../src/store/attempts.ts";
import {
  createEndpoint,
  createWorld,
  record,
  startDispatcher,
  startReceiver,
  until,
  type TestDispatcher,
  type World,
} from "./deliveries-fixture.ts";
import { TLS_CERTIFICATE, TLS_KEY } from "./deliveries-tls.ts";

let world: World;
let engine: TestDispatcher;
const open: { server: Server; sockets: Set<Socket> }[] = [];
before(async () => {
  world = await createWorld();
  engine = await startDispatcher(world);
});
after(async () => {
  await engine.end();
  await world.drop();
});
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
  await world.database.pool.query("delete from queue; delete from queue_next; delete from webhook_endpoints");
});

async function listenOn(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  open.push({ server, sockets });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** `speak` is called with each connection once a whole request has come. */
async function rawReceiver(speak: (socket: Socket) => void): Promise<string> {
  const port = await listenOn(
    createServer((socket) => {
      socket.once("data", () => speak(socket));
    }),
  );
  return `http://127.0.0.1:${port}/hook`;
}

let resources = 0;

/** The first attempt of an event delivered there: its time-out is 1 s. */
async function firstAttempt(url: string): Promise<Attempt> {
  await createEndpoint(world, url);
  const { eventId, lanes } = await record(world, `session:${++resources}`, 1);
  assert.ok(eventId);
  engine.wake(lanes);
  let attempts: Attempt[] = [];
  await until(async () => {
    attempts = await attemptsOfEvent(world.database.kysely, world.env.id, eventId);
    return attempts.length > 0;
  });
  const [first] = attempts;
  assert.ok(first);
  return first;
}

const failed = ({ outcome, status, error }: Attempt) => ({ outcome, status, error });
const OK = "HTTP/1.1 200 OK\r\n";

test("never answers", async () => {
  const attempt = await firstAttempt(await rawReceiver(() => undefined));
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "timeout" });
  assert.ok(attempt.total_us >= 900_000 && attempt.total_us < 2_000_000);
});

test("one byte per second", async () => {
  const url = await rawReceiver((socket) => {
    const bytes = Buffer.from(`${OK}content-length: 5\r\n\r\nhello`);
    let next = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(next, ++next)), 1000);
    socket.on("close", () => clearInterval(timer));
  });
  assert.deepEqual(failed(await firstAttempt(url)), { outcome: "failed", status: null, error: "timeout" });
});

test("a body that drips: the status has decided, and it is not read for ever", async () => {
  const url = await rawReceiver((socket) => {
    socket.write(`${OK}content-length: 100000\r\n\r\n`);
    const timer = setInterval(() => socket.write("x"), 50);
    socket.on("close", () => clearInterval(timer));
  });
  const attempt = await firstAttempt(url);
  assert.deepEqual(failed(attempt), { outcome: "delivered", status: 200, error: "timeout" });
  assert.ok(attempt.total_us < 2_000_000);
});

test("a body without end: 64 KiB are kept, the connection is cut", async () => {
  let sent = 0;
  const url = await rawReceiver((socket) => {
    socket.write(`${OK}content-length: 1000000000\r\n\r\n`);
    const chunk = Buffer.alloc(64 * 1024, "x");
    const pour = () => {
      if (socket.destroyed) return;
      sent += chunk.length;
      if (socket.write(chunk)) setImmediate(pour);
      else socket.once("drain", pour);
    };
    pour();
  });
  const attempt = await firstAttempt(url);
  assert.deepEqual(failed(attempt), { outcome: "delivered", status: 200, error: "too_large" });
  assert.equal(attempt.response_body?.length, 64 * 1024);
  assert.ok(sent < 100_000_000, `${sent} bytes`);
});

test("ten thousand headers", async () => {
  const headers = Array.from({ length: 10_000 }, (_, n) => `x-${n}: ${n}\r\n`).join("");
  const url = await rawReceiver((socket) => socket.end(`${OK}${headers}content-length: 0\r\n\r\n`));
  assert.deepEqual(failed(await firstAttempt(url)), { outcome: "failed", status: null, error: "too_large" });
});

test("a header that is not ASCII", async () => {
  const url = await rawReceiver((socket) =>
    socket.end(Buffer.from(`${OK}x-name: Zo\u00eb \u00ff\r\ncontent-length: 2\r\n\r\nok`, "latin1")),
  );
  const attempt = await firstAttempt(url);
  assert.deepEqual(failed(attempt), { outcome: "delivered", status: 200, error: null });
  assert.ok(attempt.response_headers && "x-name" in attempt.response_headers);
});

test("a body of zero bytes and invalid UTF-8 is kept as it came", async () => {
  const url = await rawReceiver((socket) => {
    socket.write(`${OK}content-length: 4\r\n\r\n`);
    socket.end(Buffer.of(0, 255, 0, 128));
  });
  assert.deepEqual((await firstAttempt(url)).response_body, Buffer.of(0, 255, 0, 128));
});

test("resets", async () => {
  const attempt = await firstAttempt(await rawReceiver((socket) => socket.resetAndDestroy()));
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "reset" });
});

test("closes in the middle of the body", async () => {
  const url = await rawReceiver((socket) => socket.end(`HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nhalf`));
  const attempt = await firstAttempt(url);
  assert.deepEqual(failed(attempt), { outcome: "failed", status: 500, error: "reset" });
  assert.equal(attempt.response_body?.toString(), "half");
});

test("speaks no HTTP", async () => {
  const attempt = await firstAttempt(await rawReceiver((socket) => socket.end("220 mail.test ESMTP\r\n")));
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "bad_response" });
});

test("says 100 unasked", async () => {
  const url = await rawReceiver((socket) =>
    socket.end(`HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 0\r\n\r\n`),
  );
  assert.deepEqual(failed(await firstAttempt(url)), {
    outcome: "failed",
    status: null,
    error: "bad_response",
  });
});

test("speaks HTTP/1.0", async () => {
  const attempt = await firstAttempt(await rawReceiver((socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nok")));
  assert.deepEqual(failed(attempt), { outcome: "delivered", status: 200, error: null });
});

test("a gzip bomb is kept as its first compressed bytes", async () => {
  const url = await rawReceiver((socket) =>
    socket.end(`${OK}content-encoding: gzip\r\ncontent-length: 8\r\n\r\n\x1f\x8babcdef`),
  );
  const attempt = await firstAttempt(url);
  assert.equal(attempt.outcome, "delivered");
  assert.ok((attempt.response_body?.length ?? 0) < 20);
});

test("redirects to the metadata address: a failure, not followed", async () => {
  const url = await rawReceiver((socket) =>
    socket.end("HTTP/1.1 307 No\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n"),
  );
  assert.deepEqual(failed(await firstAttempt(url)), { outcome: "failed", status: 307, error: null });
});

test("an endpoint inside the network is never connected to", async () => {
  const attempt = await firstAttempt("http://169.254.169.254/latest/meta-data/");
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "forbidden_address" });
  assert.equal(attempt.address, null);
});

async function tlsReceiver(names: (string | false | null)[]): Promise<number> {
  const server = createHttps({ key: TLS_KEY, cert: TLS_CERTIFICATE }, (_, response) => response.end("ok"));
  server.on("secureConnection", (socket: TLSSocket) => names.push(socket.servername));
  return listenOn(server);
}

test("a self-signed certificate", async () => {
  const attempt = await firstAttempt(`https://127.0.0.1:${await tlsReceiver([])}/hook`);
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "tls" });
});

test("plain HTTP where TLS was expected", async () => {
  const plain = await startReceiver();
  const attempt = await firstAttempt(plain.url.replace("http:", "https:"));
  assert.deepEqual(failed(attempt), { outcome: "failed", status: null, error: "tls" });
  await plain.close();
});

test("the pinned connection carries the name in SNI, and the certificate must be for it", async () => {
  const names: (string | false | null)[] = [];
  const port = await tlsReceiver(names);
  const client = createOutgoing({
    allowNetworks: ["127.0.0.1/32"],
    resolve: () => Promise.resolve(["127.0.0.1"]),
    ca: TLS_CERTIFICATE,
  });
  const get = (host: string) =>
    client.fetchFile(`https://${host}:${port}/a`, { maxBytes: 10, timeoutMs: 2000 });
  assert.deepEqual(await get("receiver.test"), { ok: true, bytes: Buffer.from("ok"), fileName: "a" });
  assert.deepEqual(names, ["receiver.test"]);
  const timed = await client.send({
    url: `https://receiver.test:${port}/a`,
    method: "POST",
    headers: {},
    body: Buffer.from("{}"),
    timeoutMs: 2000,
    bodyTimeoutMs: 1000,
    keepBytes: 10,
    maxBytes: 10,
    connections: 1,
    pool: "timed",
  });
  const { dnsUs, tlsUs, connectUs } = timed;
  assert.ok(dnsUs !== null && tlsUs !== null && connectUs !== null && dnsUs + tlsUs <= connectUs + 1);
  assert.ok(tlsUs > 0);
  assert.deepEqual(await get("other.test"), { ok: false, reason: "tls" });
  assert.deepEqual(await get("127.0.0.1"), { ok: false, reason: "tls" });
  await client.close();
});
