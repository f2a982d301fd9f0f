import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readKnownParties } from "./known-parties.ts";

describe("metadata of a session", () => {
  test("lists are read, folded, and each name kept once", () => {
    const metadata = {
      names: [" Asha  Rao ", "ASHA RAO", "A. Rao"],
      employer_names: ["Quartz Mills Pvt Ltd"],
      companies_for_self_transfer: ["Rao Traders"],
    };
    assert.deepEqual(readKnownParties(metadata), {
      ownNames: ["Asha Rao", "A. Rao"],
      employers: ["Quartz Mills Pvt Ltd"],
      companies: ["Rao Traders"],
    });
  });

  test("what is no list of texts is left out, and never thrown at", () => {
    const nothing = { ownNames: [], employers: [], companies: [] };
    for (const metadata of [null, undefined, 7, "x", [], {}, { names: null }, { names: [1, {}, "", "  "] }])
      assert.deepEqual(readKnownParties(metadata), nothing);
    assert.deepEqual(readKnownParties({ names: "Asha Rao" }).ownNames, ["Asha Rao"]);
  });

  test("no more than a hundred names, none longer than two hundred letters", () => {
    const names = Array.from({ length: 500 }, (_, index) => `Name ${index}`);
    assert.equal(readKnownParties({ names }).ownNames.length, 100);
    assert.deepEqual(readKnownParties({ names: ["x".repeat(201)] }).ownNames, []);
  });
});
