/** The open-banking contract for the console's pages: the same handlers, another way in. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openConsole, type Console } from "./console-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

test("what the contract serves at the root stands below /open-banking for whoever the console knows", async () => {
  const made = await c.ask("/open-banking/customers", { json: { name: "An Invented Customer" } });
  assert.equal(made.status, 200, made.text);
  const listed = await c.ask("/open-banking/customers");
  assert.equal((listed.body as { data: { name: string }[] }).data[0]?.name, "An Invented Customer");
  const basic = Buffer.from(`${c.http.credentials.apiKey}:`).toString("base64");
  const atRoot = await c.http.call("/customers", { as: null, headers: { authorization: `Basic ${basic}` } });
  assert.deepEqual(atRoot.body, listed.body);
});

test("links of a page lead to the next page of the same place", async () => {
  await c.ask("/open-banking/customers", { json: { name: "Another" } });
  const first = await c.ask("/open-banking/customers?limit=1");
  const { paging } = first.body as { paging: { next: string } };
  assert.match(paging.next, /^\/console\/api\/open-banking\/customers\?/);
});

test("without a key or a cookie nothing opens, and no browser is asked for a password", async () => {
  const { status, headers, body } = await c.ask("/open-banking/customers", { as: null });
  assert.equal(status, 401);
  assert.equal(headers.get("www-authenticate"), null);
  assert.equal((body as { error: { code: string } }).error.code, "unauthorized");
});

test("another environment sees nothing of it", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  const listed = await c.ask("/open-banking/customers", { as });
  assert.deepEqual((listed.body as { data: unknown[] }).data, []);
});

test("the document names its paths once", async () => {
  const { paths } = (await c.http.call("/openapi.json")).body as { paths: Record<string, unknown> };
  assert.deepEqual(
    Object.keys(paths).filter((path) => path.includes("/open-banking/")),
    [],
  );
});
