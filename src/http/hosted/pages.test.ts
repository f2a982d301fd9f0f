import assert from "node:assert/strict";
import { test } from "node:test";
import type { Look } from "./layout.ts";
import { bankPage, goingPage, outcomeOf, permissionPage, type Asked, type Bank } from "./pages.ts";

const look: Look = {
  appName: "Sample & Co <b>",
  organisation: "Sample Payments Ltd",
  supportUrl: "https://help.example/?a=1&b=2",
  isSandbox: false,
  headerHtml: null,
  footerHtml: "<p>Terms</p>",
  logoPath: null,
  stylePath: null,
};
const asked: Asked = {
  look,
  path: "/c/code",
  template: "k3Vb9XqT0Lw2",
  scopes: ["accounts", "transactions", "of the future"],
  retroDate: null,
  expiryDate: Temporal.PlainDate.from("2027-01-30"),
  mayChange: true,
};
const banks: Bank[] = [
  { id: "alder", name: "Alder <Bank>", isUp: true },
  { id: "birch", name: "Birch", isUp: false },
];

test("others' words stay words", () => {
  for (const page of [
    permissionPage(asked, { id: "alder", name: "Alder <Bank>", isUp: true }),
    bankPage(asked, banks, '"><i>'),
  ]) {
    assert.doesNotMatch(page, /Sample & Co <b>|Alder <Bank>|"><i>/);
  }
  const going = goingPage(look, "Going", 'https://bank.example/?a=1&b="', "Go");
  assert.ok(going.includes('content="0;url=https://bank.example/?a=1&#38;b=&#34;"'));
});

test("the template goes along wherever the page leads", () => {
  const permission = permissionPage(asked, { id: "alder", name: "Alder", isUp: true });
  assert.equal(permission.match(/name="template" value="k3Vb9XqT0Lw2"/g)?.length, 2);
  assert.ok(permission.includes('href="/c/code?choose=1&#38;template=k3Vb9XqT0Lw2"'));
  assert.ok(bankPage(asked, banks, "").includes('href="/c/code?provider=alder&#38;template=k3Vb9XqT0Lw2"'));
});

test("the footer names who is responsible, and for whom it acts", () => {
  const page = permissionPage(asked, { id: "alder", name: "Alder", isUp: true });
  assert.match(
    page,
    /Sample Payments Ltd provides this service to Sample &#38; Co &#60;b&#62;, which acts with it as agent/,
  );
  assert.match(page, /<p>Terms<\/p>/);
});

test("a bank that does not answer is shown, and says so; a search narrows by name", () => {
  assert.match(bankPage(asked, banks, ""), /Birch<small>Does not answer at the moment<\/small>/);
  assert.doesNotMatch(bankPage(asked, banks, "BIR"), /Alder/);
  assert.match(bankPage(asked, [], ""), /No bank can be connected at the moment/);
});

test("every end has words of its own", () => {
  const ends = [
    outcomeOf("authorized", null, "A", "B"),
    outcomeOf("failed", "access_denied", "A", "B"),
    outcomeOf("failed", "invalid_answer", "A", null),
    outcomeOf("canceled", null, "A", "B"),
    outcomeOf("expired", null, "A", "B"),
  ];
  assert.equal(new Set(ends.map(({ title }) => title)).size, ends.length);
});
