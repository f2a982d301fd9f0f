import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { parseNestedForm, type FormRecord } from "./forms.ts";

const parse = (text: string) => JSON.parse(JSON.stringify(parseNestedForm(Buffer.from(text)))) as unknown;

describe("nested forms", () => {
  const READ: [string, unknown][] = [
    ["", {}],
    ["a=1&b=", { a: "1", b: "" }],
    ["a", { a: "" }],
    ["scopes[]=x&scopes[]=y", { scopes: { 0: "x", 1: "y" } }],
    ["scopes%5B%5D=x", { scopes: { 0: "x" } }],
    ["scopes[1]=y&scopes[0]=x", { scopes: { 0: "x", 1: "y" } }],
    ["scopes=x&scopes=y&scopes=z", { scopes: ["x", "y", "z"] }],
    ["metadata[a]=1&metadata[b+c]=2", { metadata: { a: "1", "b c": "2" } }],
    ["timestamp.gte=2026-01-01", { "timestamp.gte": "2026-01-01" }],
    [
      "payments[0][recipient][name]=A&payments[1][amount]=2",
      { payments: { 0: { recipient: { name: "A" } }, 1: { amount: "2" } } },
    ],
    ["a]b[=1&[x]=2&a[b=3&a[b]c=4", { "a]b[": "1", "[x]": "2", "a[b": "3", "a[b]c": "4" }],
    ["name=%C3%A4+%2B", { name: "ä +" }],
    [
      "constructor=1&metadata[constructor]=2&metadata[toString]=3",
      { constructor: "1", metadata: { constructor: "2", toString: "3" } },
    ],
  ];
  for (const [text, value] of READ) test(JSON.stringify(text), () => assert.deepEqual(parse(text), value));

  for (const text of [
    "a=1&a[b]=2",
    "a[b]=2&a=1",
    "a[b]=1&a[b][c]=2",
    "__proto__[x]=1",
    "a[__proto__]=1",
    "a=%ff",
    "a=%",
    "a[b][c][d][e][f]=1",
  ])
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.throws(() => parse(text), { name: "UnreadableBody" }));

  test("bytes that are not UTF-8 are refused, not replaced", () => {
    assert.throws(() => parseNestedForm(Buffer.of(0x61, 0x3d, 0xff)), { name: "UnreadableBody" });
  });

  test("a thousand fields and no more", () => {
    assert.equal(Object.keys(parseNestedForm(Buffer.from("a=1&".repeat(999)))).length, 1);
    assert.throws(() => parse("a[]=1&".repeat(1001)), { name: "UnreadableBody" });
  });

  test("what is written in brackets is read again", () => {
    const name = fc.stringMatching(/^[a-z0-9_ äé]{1,8}$/);
    const leaf = fc.string({ maxLength: 12 }).filter((text) => text.isWellFormed());
    const { tree } = fc.letrec<{ tree: FormRecord }>((tie) => ({
      tree: fc.dictionary(name, fc.oneof({ maxDepth: 3 }, leaf, tie("tree")), {
        minKeys: 1,
        maxKeys: 4,
        noNullPrototype: true,
      }),
    }));
    fc.assert(
      fc.property(tree, (fields) => {
        const text = pairsOf(fields, []).map(
          ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
        );
        assert.deepEqual(parse(text.join("&")), JSON.parse(JSON.stringify(fields)));
      }),
      { numRuns: 200 },
    );
  });
});

function pairsOf(fields: FormRecord, path: readonly string[]): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    const at = [...path, name];
    if (typeof value === "object" && !Array.isArray(value)) return pairsOf(value, at);
    const [head = "", ...rest] = at;
    return [[head + rest.map((part) => `[${part}]`).join(""), String(value)]];
  });
}
