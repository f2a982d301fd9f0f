import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareNames, createCompanyFinder, createLikeness, namesCompany } from "./names.ts";
import { companyWords, foldWords, isBusiness } from "./words.ts";

const compare = (own: string, printed: string) => compareNames(foldWords(own), foldWords(printed));

describe("own names", () => {
  const cases: [own: string, printed: string, expected: string][] = [
    // Order, titles, punctuation, accents, a middle name.
    ["ASHA RAO", "RAO ASHA", "same"],
    ["ASHA RAO", "MRS. ASHA RAO", "same"],
    ["ASHA RAO", "Asha Latha Rao", "same"],
    ["RAMESH SURESH PATIL", "SHRI RAMESH PATIL", "same"],
    ["ZOË BRÜCK", "ZOE BRUCK", "same"],
    // Initials.
    ["RAMESH KUMAR SHARMA", "R K SHARMA", "same"],
    ["RAMESH KUMAR SHARMA", "RK SHARMA", "same"],
    ["RAMESH KUMAR SHARMA", "RAMESH K SHARMA", "same"],
    ["ASHA RAO", "ASHA R", "same"],
    ["S RAJESH", "RAJESH S", "same"],
    // An initial and the surname fit a brother as well.
    ["ASHA RAO", "A RAO", "maybe"],
    ["ASHA RAO", "MS A RAO", "maybe"],
    // Cut by the narration's width, and run together as in a UPI address.
    ["VIKRAM LOHANI", "VIKRAM LOHAN", "same"],
    ["ASHA RAO", "ASHARAO", "same"],
    ["RAMESH PATIL", "RAMESH PATI", "same"],
    ["MEENA IYER", "MEENA IYE", "other"],
    ["ABE LI", "ABELI", "other"],
    ["ASHA LATHA RAO", "RAO ASHA", "same"],
    ["RAMESH BABU", "K RAMESH BABU", "same"],
    ["RAMESH BABU", "KIRAN RAMESH BABU", "other"],
    // A word that is cut must keep four letters, and only the last may be cut.
    ["NEHA JOSHI", "NEHA JOSH", "same"],
    ["NEHA JOSHI", "NEHA JOS", "other"],
    ["RAMESH PATIL", "RAME PATIL", "other"],
    // A single name is one person's from four letters on.
    ["ASHA", "ASHA", "same"],
    ["RAO", "RAO", "other"],
    ["ABE LIM", "ABELIM", "same"],
    ["RAMESH KUMAR SURESH SHARMA", "RKS SHARMA", "same"],
    // Relatives.
    ["ASHA RAO", "ANIL RAO", "other"],
    ["ASHA RAO", "B RAO", "other"],
    ["RAMESH PATIL", "SUNITA RAMESH PATIL", "other"],
    ["RAMESH SURESH PATIL", "AMIT RAMESH PATIL", "other"],
    ["RAMESH PATIL", "PATIL", "other"],
    ["ASHA RAO", "ASHA", "other"],
    ["ASHA RAO", "RAO", "other"],
    // A business under the owner's name is not the person.
    ["RAMESH PATIL", "RAMESH PATIL TRADERS", "other"],
    ["ASHA RAO", "", "other"],
  ];
  for (const [own, printed, expected] of cases) {
    test(`${own} printed ${printed || "(nothing)"}: ${expected}`, () => {
      assert.equal(compare(own, printed), expected);
    });
  }
});

test("the best of several own names counts, and the quick look at letters never changes the answer", () => {
  const names = ["ASHA RAO", "S RAJESH", "ASHA KULKARNI"].map(foldWords);
  const likeness = createLikeness(names);
  for (const printed of [
    "A RAO",
    "RAO ASHA",
    "RAJESH S",
    "ANIL RAO",
    "RAVI KUMAR",
    "ASHAKULKARNI",
    "A KULKARNI",
    "",
  ]) {
    const words = foldWords(printed);
    const each = new Set(names.map((name) => compareNames(name, words)));
    const best = (["same", "maybe"] as const).find((one) => each.has(one)) ?? "other";
    assert.equal(likeness(words), best, printed);
  }
});

describe("companies", () => {
  const names = (company: string, text: string) =>
    namesCompany(companyWords(foldWords(company)), foldWords(text));

  test("the legal form does not matter, nor where in the narration the name stands", () => {
    assert.equal(
      names("Quartz Textile Mills Pvt Ltd", "NEFT CR-QUARTZ TEXTILE MILLS PRIVATE LIMITED-X1"),
      true,
    );
    assert.equal(names("M/s The Quartz Mills", "QUARTZ MILLS"), true);
  });

  test("the narration may cut the name at its end, but not to a word that others share", () => {
    assert.equal(names("Quartz Textile Mills", "NEFT-N1-QUARTZ TEXTI"), true);
    assert.equal(names("Quartz Textile Mills", "NEFT-N1-QUARTZ T"), false);
    assert.equal(names("Quartz Textile Mills", "NEFT-N1-QUARTZ FOODS"), false);
  });

  test("M/s goes, an initial stays; a name of nothing but legal forms is kept", () => {
    const words = (name: string) => companyWords(foldWords(name));
    assert.deepEqual(words("M/s Quartz Mills Ltd."), ["QUARTZ", "MILLS"]);
    assert.deepEqual(words("M Patil Mills"), ["M", "PATIL", "MILLS"]);
    assert.deepEqual(words("The Company Limited"), ["THE", "COMPANY", "LIMITED"]);
    assert.deepEqual(words(""), []);
  });

  test("of several the first in the list is told", () => {
    const find = createCompanyFinder(
      ["Rao Traders", "Quartz Mills", "Rao"].map((each) => companyWords(foldWords(each))),
    );
    assert.equal(find(foldWords("TRF QUARTZ MILLS FOR RAO TRADERS")), 0);
    assert.equal(find(foldWords("TRF TO RAO EXPORTS")), 2);
    assert.equal(find(foldWords("TRF TO MARBLE")), -1);
  });

  test("what is cut keeps eight letters, the cut word's own included", () => {
    assert.equal(names("Opal Tea House", "FROM OPAL TEA H"), true);
    assert.equal(names("Opal Tea House", "FROM OPAL TE"), false);
    assert.equal(names("Quartz Bay Mills", "FROM QUARTZ BA"), true);
    assert.equal(names("Quartz Bay Mills", "FROM QUARTZ B"), false);
    assert.equal(names("Quartz Mills", "QUART MILLS"), false);
  });

  test("a short name must stand alone", () => {
    assert.equal(names("BP", "BACS BP PLC"), true);
    assert.equal(names("BP", "BPCL FUEL"), false);
  });
});

test("a business is told by its trade or legal form, the last word perhaps cut", () => {
  const named = (name: string) => isBusiness(foldWords(name));
  for (const name of ["ORANGELEAF ANALYTICS", "QUARTZ INFOTECH PVT", "RAMESH ENTERPRI", "ZENITH TECHNOLO"])
    assert.equal(named(name), true, name);
  // Five letters of TRADERS or MEDICALS are too few; only the last word is cut.
  for (const name of ["RAVI KUMAR", "ASHA TRADE", "PHILIP MEDIC", "TECHNOLO RAO"])
    assert.equal(named(name), false, name);
});
