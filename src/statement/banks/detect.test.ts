import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawLines } from "../../../test/statements/lines.ts";
import { readFacts } from "../facts.ts";
import type { DocumentMetadata } from "../types.ts";
import { detectBank } from "./detect.ts";
import { banks, fullBankName, isKnownIdentifier, publishedIdentifier } from "./index.ts";

const silent: DocumentMetadata = {
  producer: null,
  creator: null,
  author: null,
  title: null,
  createdAt: null,
  modifiedAt: null,
};

function detect(text: readonly string[], metadata: Partial<DocumentMetadata> = {}): string | null {
  const lines = drawLines(text);
  const facts = readFacts(lines, { decimal: ".", dateOrder: "dmy", exponent: 2 });
  return detectBank(lines, facts, { ...silent, ...metadata })?.id ?? null;
}

describe("detection of the bank", () => {
  test("the account's branch code decides over any name", () => {
    assert.equal(
      detect(["AXIS BANK is our partner", "IFSC Code : KKBK0999123", "HDFC BANK LIMITED"]),
      "kotak",
    );
  });

  test("every Indian profile is found by its prefix and by its name alone", () => {
    for (const bank of banks.filter(({ country }) => country === "IN")) {
      for (const prefix of bank.ifscPrefixes ?? [])
        assert.equal(detect([`IFSC : ${prefix}0999123`]), bank.id);
      assert.equal(detect([`${bank.name.toUpperCase()} LTD`]), bank.id, bank.name);
    }
  });

  test("IBAN, BIC, a sort code of one bank, and a domain each suffice", () => {
    assert.equal(detect(["BIC: NWBKGB2L"]), "natwest");
    assert.equal(detect(["IBAN: GB60 BARC 2000 0055 7799 11".replace("GB60", "GB33")]), null);
    assert.equal(detect(["Sort code 04-00-04     Account number 69735434"]), "monzo");
    assert.equal(detect(["Write to us: help.starlingbank.com"]), "starling");
    assert.equal(detect(["BIC  DEUTDEBB"]), "deutsche");
  });

  test("a counterparty's branch code, name or domain does not win", () => {
    assert.equal(detect(["STATE BANK OF INDIA", "", "NEFT CR HDFC0999123 QUARTZ MILLS"]), "sbi");
    assert.equal(detect(["Harbourlight Mutual Bank", "", "paid via HDFC BANK to ICICI BANK"]), null);
    assert.equal(detect(["Harbourlight Mutual Bank", "see hdfcbank.com and icicibank.com"]), null);
  });

  test("the customer's address names a landmark, not the bank", () => {
    const text = [
      "MR VIKRAM LOHANI",
      "PLOT 9 NEAR HDFC BANK",
      "OLD MILL STREET",
      "CHENDUR 600999",
      "",
      "CANARA BANK",
    ];
    assert.equal(detect(text), "canara");
    assert.equal(detect(["Address : OPP AXIS BANK", "          OLD MILL STREET 600999"]), null);
  });

  test("of two names in one line the longer one is meant", () => {
    assert.equal(detect(["UNION BANK OF INDIA"]), "ubi");
    assert.equal(detect(["BANK OF INDIA"]), "boi");
    assert.equal(detect(["STATE BANK OF INDIA"]), "sbi");
    assert.equal(detect(["DBS BANK INDIA LIMITED"]), "dbsbnk");
  });

  test("a smaller bank of the contract is found by its full name", () => {
    assert.equal(detect(["THE PUNE MERCHANTS CO-OPERATIVE BANK LTD."]), "pune merchants");
    assert.equal(detect(["Model Co-op. Bank Ltd."]), "model");
  });

  test("the title of the file, or a footer with the company's name, serve where the head is a picture", () => {
    assert.equal(detect(["Account statement"], { author: "ZENITH BANK PLC" }), "zenith");
    assert.equal(
      detect([
        "Statement",
        ...Array.from({ length: 20 }, () => "terms"),
        "HDFC Bank Limited, Registered Office: Lakeview",
      ]),
      "hdfc",
    );
  });

  test("a bank named once below the head is only mentioned", () => {
    assert.equal(
      detect([
        "Statement",
        ...Array.from({ length: 20 }, () => "terms"),
        "You may pay at any Axis Bank branch",
      ]),
      null,
    );
  });

  test("banks that nobody knows stay unknown", () => {
    assert.equal(detect(["Liberty Lantern Bank, N.A.", "www.lantern.example"]), null);
    assert.equal(detect(["Polder & Zee Spaarbank N.V.", "BIC: PZSBNL2A"]), null);
  });
});

describe("identifiers", () => {
  test("profiles of India carry the contract's identifiers, and no code names two banks", () => {
    for (const bank of banks.filter(({ country }) => country === "IN"))
      assert.ok(isKnownIdentifier(bank.id), bank.id);
    for (const codes of [
      banks.map(({ id }) => [id]),
      banks.map((b) => b.ifscPrefixes ?? []),
      banks.map((b) => b.domains ?? []),
      banks.map((b) => b.sortCodes ?? []),
    ]) {
      const flat = codes.flat();
      assert.deepEqual(
        flat.filter((code, i) => flat.indexOf(code) !== i),
        [],
      );
    }
  });

  test("case is ignored, the irregular ones keep their published form", () => {
    for (const [given, published] of [
      ["hdfc", "HDFC"],
      ["MODEL", "model"],
      ["pune merchants", "PUNE MERCHANTS"],
      ["Prathama Gramin", "PRATHAMA GRAMIN"],
    ] as const) {
      assert.ok(isKnownIdentifier(given));
      assert.equal(publishedIdentifier(given), published);
    }
    assert.equal(isKnownIdentifier("other"), false);
    assert.equal(publishedIdentifier("nobody"), null);
  });

  test("the full name is the contract's, else ours, else null", () => {
    assert.equal(fullBankName("model"), "Model Co-op. Bank Ltd.");
    assert.equal(fullBankName("MONZO"), "Monzo");
    assert.equal(fullBankName("nobody"), null);
  });
});
