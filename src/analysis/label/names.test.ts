import assert from "node:assert/strict";
import { test } from "node:test";
import { namesTest, ownNamesTest } from "./names.ts";

test("order, case, titles and legal forms do not matter", () => {
  const isOwn = namesTest(["Asha Rao", "Rao Consulting Pvt Ltd"]);
  assert.equal(isOwn("Mrs. RAO ASHA"), true);
  assert.equal(isOwn("ASHARAO"), true);
  assert.equal(isOwn("RAO CONSULTING PRIVATE LIMITED"), true);
  assert.equal(isOwn("ASHA RAI"), false);
});

test("a name that the bank cut off counts from eight letters on", () => {
  const isOwn = namesTest(["Rao Consulting Services"]);
  assert.equal(isOwn("RAO CONSULT"), true);
  assert.equal(isOwn("RAO CON"), false);
  assert.equal(isOwn("RAO CONSULTING SERVICES 2"), true);
});

test("without names, and with names too short to tell, nothing is known", () => {
  assert.equal(namesTest([])("ASHA RAO"), false);
  assert.equal(namesTest(["", " - ", "Mr"])("MR"), false);
});

test("a firm that bears the holder's name is not the holder, unless it is named as his", () => {
  const isOwn = ownNamesTest(["RAMESH PATIL"], []);
  assert.equal(isOwn("PATIL RAMESH"), true);
  assert.equal(isOwn("RAMESH PATIL KUMAR"), true);
  assert.equal(isOwn("RAMESH PATIL TRADERS"), false);
  assert.equal(isOwn("RAMESH PATIL ENTERPRI"), false);
  assert.equal(ownNamesTest(["RAMESH PATIL"], ["Ramesh Patil Traders"])("RAMESH PATIL TRADERS"), true);
  assert.equal(ownNamesTest(["RAMESH PATIL TRADERS"], [])("M/S RAMESH PATIL TRADERS"), true);
  assert.equal(ownNamesTest(["SUNRISE TOYS"], [])("SUNRISE TOYS PVT LTD"), true);
});
