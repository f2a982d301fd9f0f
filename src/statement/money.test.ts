import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { detectDecimalMark, groupsByMark, parseAmount, type DecimalMark } from "./money.ts";

function minor(text: string, decimal: DecimalMark = ".", exponent = 2): bigint | null {
  return parseAmount(text, decimal, exponent)?.minor ?? null;
}

test("amounts in the forms that statements print", () => {
  const points: [string, bigint][] = [
    ["1,234.56", 123456n], ["1,23,456.78", 12345678n], ["1,20,749.89", 12074989n], ["1 234.56", 123456n],
    ["2 795.35", 279535n], ["1'234.56", 123456n], ["1’234.56", 123456n], ["12.50-", -1250n], ["-12.50", -1250n],
    ["−12.50", -1250n], ["(12.50)", -1250n], ["+0.88", 88n], ["0.00", 0n], [".50", 50n], ["12.5", 1250n],
    ["₦204.31", 20431n], ["SGD 15,450.75", 1545075n], ["$1,234.56", 123456n], ["-$5.00", -500n], ["$-5.00", -500n],
    ["Rs.1,000.00", 100000n], ["Rs. 500.00", 50000n], ["1,234", 123400n], ["500", 50000n], ["US$ 10.00", 1000n],
    ["1'234.-", 123400n], ["34.--", 3400n], ["5,000/-", 500000n], ["`1,234.56", 123456n],
  ]; // prettier-ignore
  for (const [text, expected] of points) assert.equal(minor(text), expected, text);
  const commas: [string, bigint][] = [
    ["1.234,56", 123456n], ["12.528.584,88", 1252858488n], ["1 234,56", 123456n], ["1\u00a0234,56", 123456n],
    ["-19,25 €", -1925n], ["7.470,82 €", 747082n], ["1'234,56", 123456n], ["1.234,-", 123400n],
  ]; // prettier-ignore
  for (const [text, expected] of commas) assert.equal(minor(text, ","), expected, text);
});

test("marks stand glued or spaced, in brackets or not, and leave the sign alone", () => {
  for (const text of [
    "5.00Cr",
    "5.00 CR",
    "5.00(Cr)",
    "5.00 (CR)",
    "5.00C",
    "5.00 C",
    "Cr 5.00",
    "5.00 Cr.",
  ]) {
    assert.deepEqual(
      parseAmount(text, "."),
      { minor: 500n, mark: "cr", currency: null, form: "decimal" },
      text,
    );
  }
  for (const text of ["5.00Dr", "5.00 DR", "5.00 D", "5.00 Db", "5.00 OD"])
    assert.equal(parseAmount(text, ".")?.mark, "dr", text);
  assert.equal(parseAmount("1.234,56 S", ",")?.mark, "dr");
  assert.equal(parseAmount("1.234,56 H", ",")?.mark, "cr");
});

test("a currency is named only by what names one", () => {
  assert.equal(parseAmount("₹500.00", ".")?.currency, "INR");
  assert.equal(parseAmount("500.00 INR", ".")?.currency, "INR");
  assert.equal(parseAmount("$500.00", ".")?.currency, null);
  assert.equal(parseAmount("500.00 EUR USD", "."), null);
});

test("what is no amount is refused", () => {
  const refused = [
    "02/01/2024", "2024-01-02", "02.01.2024", "07.10", "000123", "0001", "1234567890", "12,34.56", "1,2345.00", "1234,567.00",
    "1,23,45.00", "12.345", "25.99%", "UTR123", "S1234", "1-2", "--", "-", "", "12:30", "5.00 Cr Dr", "(5.00", "5.00)", "1.2.3",
    "2,5,000.00", "P4518260QR", "5.", "+-5.00", "1-800-562-2273",
  ]; // prettier-ignore
  for (const text of refused) assert.equal(parseAmount(text, "."), null, text);
  for (const text of ["07.10", "1.23,45", "12,345"]) assert.equal(parseAmount(text, ","), null, text);
});

test("an amount padded with zeros is read where it can be no date: arithmetic speaks against a misprint", () => {
  assert.equal(parseAmount("08,151.97", ".")?.minor, 815_197n);
  assert.equal(parseAmount("02931.17", ".")?.minor, 293_117n);
  assert.equal(parseAmount("£025.40", ".")?.minor, 2_540n);
  assert.equal(parseAmount("0.733,17", ",")?.minor, 73_317n);
});

test("the minor unit follows the currency", () => {
  assert.equal(minor("1,234", ".", 0), 1234n);
  assert.equal(minor("1.5", ".", 0), null);
  assert.equal(minor("1,234.00", ".", 0), 1234n);
  assert.equal(minor("1.234", ".", 3), 1234n);
  assert.equal(minor("1,234.567", ".", 3), 1234567n);
});

test("one digit, all sorts of writing: parse undoes format", () => {
  const styles = fc.record({
    decimal: fc.constantFrom<DecimalMark>(".", ","),
    group: fc.constantFrom("western", "indian", "space", "apostrophe", "none"),
    sign: fc.constantFrom("minus", "behind", "brackets", "typographic"),
    around: fc.constantFrom(["", ""], ["₹", ""], ["SGD ", ""], ["", " €"], ["", "EUR"], ["$", ""]),
  });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), styles, (value, style) => {
      const text = format(value, style.decimal, style.group, style.sign, style.around);
      return minor(text, style.decimal) === value;
    }),
    { numRuns: 2000 },
  );
});

function format(
  value: bigint,
  decimal: DecimalMark,
  group: string,
  sign: string,
  around: readonly string[],
): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  const whole = digits.slice(0, -2);
  const mark =
    { western: decimal === "." ? "," : ".", space: " ", apostrophe: "'", none: "", indian: "," }[group] ?? "";
  const indian = group === "indian" && decimal === ".";
  const groups = indian
    ? whole.replace(/\B(?=(\d{2})*\d{3}$)/g, mark)
    : whole.replace(/\B(?=(\d{3})+$)/g, group === "indian" ? "." : mark);
  const body = `${around[0] ?? ""}${groups}${decimal}${digits.slice(-2)}${around[1] ?? ""}`;
  if (value >= 0n) return body;
  return (
    { minus: `-${body}`, behind: `${body}-`, brackets: `(${body})`, typographic: `−${body}` }[sign] ?? body
  );
}

test("the document tells its decimal mark", () => {
  assert.equal(detectDecimalMark(["1,234.56", "12.00"]), ".");
  assert.equal(detectDecimalMark(["-19,25 €", "7.470,82 €", "07.10", "08.10"]), ",");
  assert.equal(detectDecimalMark(["02.10", "03.10", "Rekening -8,56 €"]), ",");
  assert.equal(detectDecimalMark([]), ".");
});

test("without two decimals anywhere, one decimal or the grouping tells", () => {
  assert.equal(detectDecimalMark(["1.234,5", "12,0"]), ",");
  assert.equal(detectDecimalMark(["12,5", "7,0"]), ",");
  assert.equal(detectDecimalMark(["1,234.5", "12.0"]), ".");
  assert.equal(detectDecimalMark(["1.234.567", "89.000"], 0), ",");
  assert.equal(detectDecimalMark(["1,234,567", "89,000"], 0), ".");
  // Rates in percent say nothing.
  assert.equal(detectDecimalMark(["12.50", "4,25%", "4,75 %"]), ".");
});

test("dinars have three decimals", () => {
  assert.equal(detectDecimalMark(["1,234.567", "12.500"], 3), ".");
  assert.equal(detectDecimalMark(["1.234,567", "12,500"], 3), ",");
  assert.equal(detectDecimalMark(["12,500", "3,250"], 3), ",");
});

test("the document tells whether marks or spaces group its digits", () => {
  assert.equal(groupsByMark(["1,234.56 and 12 345.67", "9,876.00"]), true);
  assert.equal(groupsByMark(["2 795.35", "12 345.67"]), false);
  assert.equal(groupsByMark(["12.50"]), false);
});
