import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { command, planLaunch, type Identity } from "./embedded-root.ts";

const home = mkdtempSync(join(tmpdir(), "bankbell-plan-"));
after(() => rmSync(home, { recursive: true }));

const binaries = { root: "/usr", version: "18.0" };
const who = (uid: number, hasName: boolean, mayUnshare: boolean): Identity => ({
  uid,
  hasName,
  canUnshare: () => mayUnshare,
});
const planned = (identity: Identity): string => planLaunch(home, "postgres", binaries, identity).runAs.kind;

test("a user runs it plainly, without a name in a namespace where that is allowed", () => {
  assert.equal(planned(who(1000, true, true)), "plain");
  assert.equal(planned(who(1000, false, true)), "namespace");
  // initdb then says itself what it lacks.
  assert.equal(planned(who(1000, false, false)), "plain");
  assert.equal(planned(who(-1, true, false)), "plain");
});

// The branches in which root becomes another user change the machine: test/embedded.test.ts has them.
test("root runs it in a namespace where that is allowed", () => {
  assert.equal(planned(who(0, true, true)), "namespace");
});

test("the command is the program itself, or unshare with it", () => {
  assert.deepEqual(command({ kind: "plain" }, "/p", ["-D", "/d"]), ["/p", ["-D", "/d"], {}]);
  assert.deepEqual(command({ kind: "user", uid: 1, gid: 2 }, "/p", []), ["/p", [], { uid: 1, gid: 2 }]);
  const [file, args] = command({ kind: "namespace" }, "/p", ["-D", "/d"]);
  assert.equal([file, ...args].join(" "), "unshare --user --map-user=65534 /p -D /d");
});
