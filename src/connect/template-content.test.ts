import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cleanHtml, cssFault } from "./template-content.ts";

test("what runs or loads something does not survive in HTML", () => {
  for (const html of [
    "<script>x()</script>",
    "<p onclick=x()>",
    "<img src=x onerror=x()>",
    "<svg onload=x()>",
    '<a href="javascript:x()">',
    '<a href="data:text/html,x">',
    "<style>* { display: none }</style>",
    '<p style="position: fixed">',
    "<iframe src=https://evil.example>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    '<p id="consent">',
  ]) {
    assert.doesNotMatch(
      cleanHtml(`${html}words`),
      /x\(\)|evil|style|javascript|data:|http-equiv|id=|input/i,
      html,
    );
  }
  const fine = '<p class="note">See our <a href="https://app.example/terms">terms</a>.</p>';
  assert.equal(
    cleanHtml(fine),
    '<p class="note">See our <a href="https://app.example/terms" rel="noopener noreferrer" target="_blank">terms</a>.</p>',
  );
});

test("cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(fc.string(), (html) => {
      assert.equal(cleanHtml(cleanHtml(html)), cleanHtml(html));
    }),
  );
});

test("no way around the words that CSS may not hold", () => {
  const ways = [
    "url(x)",
    "URL (x)",
    "src('x')",
    "@import 'x'",
    "@font-face{}",
    "image-set('x' 1x)",
    "</style>",
    "\\75rl(x)",
    "u/**/rl(x)",
  ];
  for (const way of ways) assert.notEqual(cssFault(`a { b: ${way} }`), null, way);
  for (const css of [
    "",
    "a { color: #123 }",
    "@media (width > 40em) { a { margin: calc(1px + 2px) } }",
    "/* curl */ a{}",
  ])
    assert.equal(cssFault(css), null, css);
});
