import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cleanFileName, decodeBase64 } from "./upload-form.ts";

test("Base64 comes back as it went in, through line ends, a data URL, and a form that lost its pluses", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
      const text = Buffer.from(given).toString("base64");
      const lines = text.replace(/.{20}/g, "$&\r\n");
      const unpadded = text.replace(/=+$/, "");
      const expected = Buffer.from(given);
      for (const form of [text, lines, unpadded, `data:application/pdf;base64,${text}`]) {
        assert.deepEqual(decodeBase64(form, false), expected);
      }
      assert.deepEqual(decodeBase64(text.replaceAll("+", " "), true), expected);
    }),
  );
});

test("what is no Base64", () => {
  for (const text of ["%", "a", "abcde", "ab=c", "====", "ab===", "é", "a-b_"]) {
    assert.equal(decodeBase64(text, false), null, text);
  }
});

test("a file name keeps its last part, without control characters, at most 255 long", () => {
  const cases: [string | undefined, string][] = [
    ["statement.pdf", "statement.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\März.pdf", "März.pdf"],
    ["a\0b\r\n.pdf", "ab.pdf"],
    ["folder/", ""],
    ["\ud800.pdf", "\ufffd.pdf"],
    [undefined, ""],
  ];
  for (const [name, clean] of cases) assert.equal(cleanFileName(name), clean);
  assert.equal(Array.from(cleanFileName("😀".repeat(300))).length, 255);
});
