import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { after, before, describe, test } from "node:test";
import { createOutgoing, type Outgoing, type OutgoingRequest } from "./outgoing.ts";
import { fileNameOf } from "./file-name.ts";
import { checkReceiverUrl, maskUrl } from "./receiver-url.ts";

const request = (url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  url,
  method: "POST",
  headers: {},
  body: Buffer.from("{}"),
  timeoutMs: 2000,
  bodyTimeoutMs: 1000,
  keepBytes: 1024,
  maxBytes: 4096,
  connections: 2,
  pool: "test",
  ...more,
});

/** What must not be reached: its port stands in every hostile URL, and it counts who comes. */
let reached = 0;
let port = 0;
let answer: RequestListener = (_, response) => response.end("inside");
const server = createServer((incoming, response) => {
  reached++;
  answer(incoming, response);
});
before(async () => {
  server.listen(0, "::");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

/** Each with `:port` added; the guard and not the network must say no. */
const HOSTILE = `
  http://127.0.0.1 http://127.1 http://127.0.1 http://2130706433 http://0x7f000001 http://0x7f.0.0.1 http://0x7f.1
  http://0177.0.0.1 http://0177.1 http://017700000001 http://127.0.0.1. http://127.000.000.001 http://0x7F.0.0.0x1
  http://127.255.255.254 http://%31%32%37.0.0.1 http://127。0。0。1 http://①②⑦.0.0.1 http://１２７.0.0.1
  http://0.0.0.0 http://0 http://0x0 http://00000000 http://10.0.0.1 http://172.16.0.1 http://192.168.0.1 http://100.64.0.1
  http://169.254.169.254 http://2852039166 http://0xa9fea9fe http://0251.0376.0251.0376 http://169.254.43518
  http://169.254.170.2 http://100.100.100.200 http://168.63.129.16 http://192.0.0.192 http://198.18.0.1
  http://224.0.0.1 http://240.0.0.1 http://255.255.255.255
  http://[::1] http://[::] http://[0:0:0:0:0:0:0:1] http://[0000::0001] http://[::127.0.0.1] http://[::7f00:1]
  http://[::ffff:127.0.0.1] http://[::ffff:7f00:1] http://[0:0:0:0:0:ffff:127.0.0.1] http://[::ffff:0:127.0.0.1]
  http://[::ffff:169.254.169.254] http://[::ffff:a9fe:a9fe] http://[64:ff9b::127.0.0.1] http://[64:ff9b::a9fe:a9fe]
  http://[64:ff9b:1::7f00:1] http://[2002:7f00:1::] http://[2002:a9fe:a9fe::1] http://[2001:0:7f00:1::]
  http://[2001:db8::1] http://[fe80::1] http://[fec0::1] http://[fc00::1] http://[fd00:ec2::254] http://[ff02::1]
  http://[3fff::1] http://[5f00::1] http://[100::1] http://localhost http://LOCALHOST http://localhost.
  http://loopback.test http://metadata.test http://mapped.test http://nat64.test http://mixed.test http://private6.test
  https://127.0.0.1 https://[::1] https://localhost https://loopback.test`
  .trim()
  .split(/\s+/);

const NAMES: Record<string, string[]> = {
  localhost: ["127.0.0.1", "::1"],
  "loopback.test": ["127.0.0.1"],
  "metadata.test": ["169.254.169.254"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "nat64.test": ["64:ff9b::7f00:1"],
  // A public address first: one forbidden among good ones is enough.
  "mixed.test": ["8.8.8.8", "127.0.0.1"],
  "private6.test": ["fd00::1"],
};
const fromTable = (name: string) => Promise.resolve(NAMES[name.replace(/\.$/, "")] ?? []);

const NOT_URLS = [
  "",
  "127.0.0.1",
  "//127.0.0.1/",
  "http://",
  "http:///",
  "file:///etc/passwd",
  "ftp://127.0.0.1/",
  "gopher://127.0.0.1:25/",
  "data:text/plain,x",
  "javascript:alert(1)",
  "unix:///var/run/docker.sock",
  "http://user@127.0.0.1/",
  "http://user:password@example.com/",
  "http://example.com@127.0.0.1/",
  "http://exa mple.com/",
  "http://example.com/\r\nHost: inside",
  "http://example.com/\u0000",
  " http://example.com/",
  "http://[fe80::1%25eth0]/",
  "http://[::1",
  "http://1.2.3.4.5/",
  "http://256.0.0.1/",
  "http://example.com:99999/",
  `http://example.com/${"a".repeat(2048)}`,
];

describe("hostile URLs", () => {
  let guarded: Outgoing;
  before(() => {
    guarded = createOutgoing({ allowNetworks: [], resolve: fromTable });
  });
  after(() => guarded.close());

  test("the table has at least 60", () => assert.ok(HOSTILE.length >= 60, String(HOSTILE.length)));

  for (const base of HOSTILE) {
    test(`${base} does not connect`, async () => {
      const before = reached;
      const answer = await guarded.send(request(`${base}:${port}/latest/meta-data/`));
      assert.equal(answer.status, null);
      assert.equal(answer.error, "forbidden_address");
      assert.deepEqual(await guarded.fetchFile(`${base}:${port}/a.pdf`, { maxBytes: 100, timeoutMs: 2000 }), {
        ok: false,
        reason: "forbidden_address",
      });
      assert.equal(reached, before);
    });
  }

  for (const url of NOT_URLS) {
    test(`${JSON.stringify(url.slice(0, 40))} is refused before anything is asked`, async () => {
      assert.equal(checkReceiverUrl(url).ok, false);
      assert.equal((await guarded.send(request(url))).error, "forbidden_url");
    });
  }

  test("a name that answers differently the second time is asked once and pinned", async () => {
    let asked = 0;
    const rebinding = createOutgoing({
      // A documentation address stands for the public one: it is allowed by name, and nobody answers there.
      allowNetworks: ["192.0.2.0/24"],
      resolve: () => Promise.resolve(++asked === 1 ? ["192.0.2.1"] : ["127.0.0.1"]),
    });
    const before = reached;
    const first = await rebinding.send(request(`http://rebind.test:${port}/`, { timeoutMs: 300 }));
    assert.equal(first.status, null);
    assert.equal(asked, 1);
    const second = await rebinding.send(request(`http://rebind.test:${port}/`));
    assert.equal(second.error, "forbidden_address");
    assert.equal(reached, before);
    await rebinding.close();
  });

  test("an answer that rebinds while the connection lives goes on with the checked one", async () => {
    let asked = 0;
    const pinned = createOutgoing({
      allowNetworks: ["127.0.0.1/32"],
      resolve: () => Promise.resolve(++asked === 1 ? ["127.0.0.1"] : ["169.254.169.254"]),
    });
    for (let turn = 0; turn < 3; turn++) {
      const kept = request(`http://rebind.test:${port}/`, { connections: 1 });
      assert.equal((await pinned.send(kept)).status, 200);
    }
    assert.equal(asked, 1);
    await pinned.close();
  });
});

describe("the client", () => {
  let client: Outgoing;
  before(() => {
    client = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
  });
  after(() => client.close());
  const url = (path = "/") => `http://127.0.0.1:${port}${path}`;

  test("sends to an allowed network, with the name as Host", async () => {
    answer = (incoming, response) =>
      response.end(`${incoming.method} ${incoming.url} ${incoming.headers.host}`);
    const named = createOutgoing({
      allowNetworks: ["127.0.0.1/32"],
      resolve: () => Promise.resolve(["127.0.0.1"]),
    });
    const got = await named.send(request(`http://receiver.test:${port}/hook?key=%2F+a`));
    assert.equal(got.body.toString(), `POST /hook?key=%2F+a receiver.test:${port}`);
    assert.equal(got.address, "127.0.0.1");
    assert.equal(got.error, null);
    assert.ok((got.connectUs ?? 0) <= (got.firstByteUs ?? 0) && (got.firstByteUs ?? 0) <= got.totalUs);
    await named.close();
  });

  test("does not follow a redirect", async () => {
    answer = (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest/" }).end();
    const before = reached;
    assert.equal((await client.send(request(url()))).status, 302);
    assert.equal(reached, before + 1);
    assert.deepEqual(await client.fetchFile(url(), { maxBytes: 10, timeoutMs: 1000 }), {
      ok: false,
      reason: "redirect",
    });
  });

  test("asks only ports that are allowed", async () => {
    const only = createOutgoing({ allowNetworks: ["127.0.0.0/8"], ports: new Set([80, 443]) });
    assert.equal((await only.send(request(url()))).error, "forbidden_url");
    await only.close();
  });

  test("a refused connection, an unknown name", async () => {
    assert.equal((await client.send(request("http://127.0.0.1:1/"))).error, "refused");
    const lost = createOutgoing({
      allowNetworks: [],
      resolve: () => Promise.reject(new Error("no such name")),
    });
    assert.equal((await lost.send(request("http://nowhere.test/"))).error, "dns");
    await lost.close();
  });

  test("fetches a file with its name, and refuses what is too large, encoded, or not there", async () => {
    const limits = { maxBytes: 10, timeoutMs: 1000 };
    answer = (_, response) => response.end("0123456789");
    const file = await client.fetchFile(url("/a/March%202024.pdf?sig=x"), limits);
    assert.deepEqual(file, { ok: true, bytes: Buffer.from("0123456789"), fileName: "March 2024.pdf" });
    answer = (_, response) => response.end("0123456789a");
    assert.deepEqual(await client.fetchFile(url(), limits), { ok: false, reason: "too_large" });
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    assert.deepEqual(await client.fetchFile(url(), limits), { ok: false, reason: "encoded" });
    answer = (_, response) => response.writeHead(404).end();
    assert.deepEqual(await client.fetchFile(url(), limits), { ok: false, reason: "status" });
    assert.deepEqual(await client.fetchFile("file:///etc/passwd", limits), { ok: false, reason: "not_http" });
  });

  test("closing cuts what is running", async () => {
    const closing = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
    answer = () => void closing.close();
    assert.equal((await closing.send(request(url()))).error, "stopped");
  });
});

test("file names", () => {
  const at = (path: string) => new URL(path, "https://files.example");
  assert.equal(fileNameOf(at("/a/b.pdf"), null), "b.pdf");
  assert.equal(fileNameOf(at("/a/"), null), "file");
  assert.equal(fileNameOf(at("/x"), 'attachment; filename="../../etc/pass\\"wd"'), 'pass"wd');
  assert.equal(fileNameOf(at("/x"), "attachment; filename=a.pdf"), "a.pdf");
  assert.equal(fileNameOf(at("/x"), "attachment; filename=\"a\"; filename*=UTF-8''Zo%C3%AB.pdf"), "Zoë.pdf");
  assert.equal(fileNameOf(at("/100%"), null), "100%");
  assert.equal(fileNameOf(at("/x"), 'attachment; filename=".."'), "x");
});

test("masked URLs keep the names of a query and none of its values", () => {
  assert.equal(
    maskUrl(new URL("https://a.example/hook?key=secret&k=1&key=2#x")),
    "https://a.example/hook?key=***&k=***",
  );
  assert.equal(maskUrl(new URL("https://a.example/hook")), "https://a.example/hook");
});
