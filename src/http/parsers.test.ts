import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseForm, parseJson, UnreadableBody } from "./parsers.ts";

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
