import assert from "node:assert/strict";
import { test } from "node:test";
import { fullStatement } from "../../test/intake-setup.ts";
import type { VerificationStatus } from "../statement/types.ts";
import { IntakeError } from "./errors.ts";
import { chooseBank, findAccount, fullerNumber, numbersAgree } from "./match.ts";

const refusedWith = (code: string) => (error: unknown) => error instanceof IntakeError && error.code === code;

test("the bank: named, detected and proven, together", () => {
  const known = fullStatement({ bank: "hdfc", status: "broken" });
  assert.equal(chooseBank(known, null, "accept"), "hdfc");
  assert.equal(chooseBank(known, "hdfc", "accept"), "hdfc");
  assert.throws(() => chooseBank(known, "axis", "accept"), { code: "BANK_NAME_MISMATCH", bank: "axis" });

  const expected: Record<VerificationStatus, boolean> = {
    proven: true,
    partly: true,
    rounding: true,
    broken: false,
    unverifiable: false,
  };
  for (const [status, isTaken] of Object.entries(expected)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of the record above
    const unknown = fullStatement({ bank: null, status: status as VerificationStatus });
    if (isTaken) assert.equal(chooseBank(unknown, null, "accept"), "other", status);
    else assert.throws(() => chooseBank(unknown, null, "accept"), refusedWith("BANK_NAME_UNDETECTED"));
    assert.throws(() => chooseBank(unknown, null, "refuse"), refusedWith("BANK_NAME_UNDETECTED"));
    // A name is no way round proof: it is believed where the statement proves itself.
    for (const setting of ["accept", "refuse"] as const) {
      if (isTaken) assert.equal(chooseBank(unknown, "axis", setting), "axis", status);
      else
        assert.throws(() => chooseBank(unknown, "axis", setting), {
          code: "BANK_NAME_MISMATCH",
          bank: "axis",
        });
    }
  }
});

test("masked numbers agree with what they mask", () => {
  for (const [a, b] of [
    ["5413699704", "5413699704"],
    ["XXXXXX9704", "5413699704"],
    ["****9704", "5413699704"],
    ["xx xx 9704", "XXXXXXXX9704"],
    ["5413XXXX04", "5413699704"],
    ["0000 5413-699704", "5413699704"],
  ] as const) {
    assert.ok(numbersAgree(a, b), `${a} ${b}`);
    assert.ok(numbersAgree(b, a), `${b} ${a}`);
  }
  for (const [a, b] of [
    ["5413699704", "5413699705"],
    ["XXXXXX9705", "5413699704"],
    ["XXXXXXXX04", "5413699704"],
    ["9704", "5413699704"],
  ] as const) {
    assert.ok(!numbersAgree(a, b), `${a} ${b}`);
  }
  assert.equal(fullerNumber("XXXXXX9704", "5413699704"), "5413699704");
  assert.equal(fullerNumber("5413699704", "XXXXXX9704"), "5413699704");
  assert.equal(fullerNumber(null, "XX9704"), "XX9704");
});

test("the account of a statement: exact before masked, and none where several agree", () => {
  const of = (account_number: string | null, bank_name = "hdfc", currency = "INR") => ({
    bank_name,
    account_number,
    iban: null,
    currency,
  });
  const [a, b, masked] = [of("1113699704"), of("2223699704"), of("XXXXXX9704")];
  assert.equal(findAccount([a], masked), a);
  assert.equal(findAccount([a, b], masked), null);
  assert.equal(findAccount([a, b, masked], masked), masked);
  assert.equal(findAccount([a], of("1113699704", "axis")), null);
  assert.equal(findAccount([a], of("1113699704", "hdfc", "USD")), null);
  assert.equal(findAccount([a], of(null)), null);
  const unnamed = of(null);
  assert.equal(findAccount([a, unnamed], of(null)), unnamed);
  const iban = { ...of("7788"), iban: "GB00TEST00000000007788" };
  assert.equal(findAccount([iban], { ...of("XX8"), iban: iban.iban }), iban);
});
