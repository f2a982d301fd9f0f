import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseForm, parseJson, parseMultipart, UnreadableBody } from "./parsers.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("whatever URLSearchParams writes is read back, the last of a name", () => {
  const pairs = fc.array(fc.tuple(fc.string(), fc.string({ unit: "grapheme" })), { maxLength: 8 });
  fc.assert(
    fc.property(pairs, (given) => {
      const fields = parseForm(bytes(new URLSearchParams(given.map(([a, b]) => [a, b])).toString()));
      assert.deepEqual(new Map(Object.entries(fields)), new Map(given));
    }),
  );
});

test("forms as people write them", () => {
  assert.deepEqual(
    { ...parseForm(bytes("a=1&b&c=&=d&a=2&e=x+y%2B&&")) },
    { a: "2", b: "", c: "", "": "d", e: "x y+" },
  );
  assert.equal(Object.hasOwn(parseForm(bytes("__proto__=x")), "__proto__"), true, "a field like any other");
});

test("a thousand fields, and not one more", () => {
  const form = (count: number) => bytes(Array.from({ length: count }, (_, n) => `f${n}=x`).join("&"));
  assert.equal(Object.keys(parseForm(form(1000))).length, 1000);
  assert.throws(() => parseForm(form(1001)), UnreadableBody);
});

test("what is not UTF-8 or not encoded is refused, never repaired", () => {
  for (const body of [
    Uint8Array.of(0x61, 0x3d, 0xff),
    bytes("a=%ff"),
    bytes("a=%e2%82"),
    bytes("a=%zz"),
    bytes("%=1"),
  ]) {
    assert.throws(() => parseForm(body), UnreadableBody);
  }
  for (const body of [bytes("{"), bytes(" "), Uint8Array.of(0x22, 0xff, 0x22), bytes("'a'")]) {
    assert.throws(() => parseJson(body), UnreadableBody);
  }
  assert.equal(parseJson(new Uint8Array()), undefined);
});

test("multipart: the fields, without files; the last of a name; strictly UTF-8", async () => {
  const type = "multipart/form-data; boundary=b";
  const part = (head: string, value: string) =>
    `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const body = `${part('name="a"', "1")}${part('name="a"', "Zoë")}${part('name="f"; filename="x"', "y")}--b--\r\n`;
  assert.deepEqual({ ...(await parseMultipart(bytes(body), type)) }, { a: "Zoë" });
  const latin1 = Buffer.from(`${part('name="a"', "caf\xe9")}--b--\r\n`, "latin1");
  for (const [given, contentType] of [
    [latin1, type],
    [bytes(body.slice(0, -10)), type],
    [bytes(body), "multipart/form-data"],
    [bytes("nonsense"), type],
    [new Uint8Array(), type],
  ] as const)
    await assert.rejects(parseMultipart(given, contentType), UnreadableBody);
});
