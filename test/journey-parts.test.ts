/** The journey's pure parts: colours, dates in words, languages, the contract's error types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { brandColors } from "../web/connect/src/colors.ts";
import { uploadFault } from "../web/connect/src/faults.ts";
import { en } from "../web/connect/src/i18n/en.ts";
import { createFormats } from "../web/connect/src/i18n/formats.ts";
import { hi } from "../web/connect/src/i18n/hi.ts";

/** WCAG's ratio of two `rgb(r g b)` or `#rrggbb`; written here anew, so that the page's own is not its judge. */
function ratio(a: string, b: string): number {
  const light = (text: string): number => {
    const parts = text.startsWith("#")
      ? [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
      : (text.match(/\d+/g) ?? []).map(Number);
    const [r = 0, g = 0, b = 0] = parts.map((part) => {
      const s = part / 255;
      return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low = 0, high = 0] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("whatever colour an organisation has, its text can be read on light, on dark and on the colour", () => {
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);
  fc.assert(
    fc.property(hex, (color) => {
      const { fill, onFill, textOnLight, textOnDark } = brandColors(color);
      assert.equal(fill, color);
      assert.ok(ratio(onFill, fill) >= 4.5, `${onFill} on ${fill}`);
      assert.ok(ratio(textOnLight, "#ffffff") >= 4.5, textOnLight);
      assert.ok(ratio(textOnDark, "#171c24") >= 4.5, textOnDark);
    }),
    { examples: [["#777777"], ["#ffffff"], ["#000000"], ["#ffdd00"]] },
  );
});

test("what is missing, in words of each language", () => {
  const inEnglish = createFormats("en-IN");
  const months = (...names: string[]) => en.monthsMissing(names.map(inEnglish.month), inEnglish);
  assert.equal(months("2024-03"), "March 2024 is missing.");
  assert.equal(months("2023-12", "2024-01"), "December 2023 and January 2024 are missing.");
  assert.equal(
    en.daysMissing(inEnglish.days("2024-01", [1, 2, 3, 4, 9]), inEnglish),
    "Days are missing: 1–4 January 2024 and 9 January 2024.",
  );
  assert.equal(inEnglish.range("2024-03-01", "2024-03-31"), "1–31 March 2024");
  const inHindi = createFormats("hi-IN");
  assert.equal(hi.monthsMissing([inHindi.month("2024-03")], inHindi), "मार्च 2024 का स्टेटमेंट बाकी है।");
  assert.deepEqual(Object.keys(hi.faults), Object.keys(en.faults));
});

test("error types are those of the contract; what it does not name is not told", () => {
  const about = { bank: "axis", range: "01/01/2024 to 31/03/2024" };
  const cases = {
    PASSWORD_INCORRECT: { error_type: "MU003", reason: "Password Incorrect" },
    BANK_NAME_MISMATCH: { error_type: "MU004", reason: "Not axis statement" },
    UNPARSABLE: { error_type: "MU006", reason: "" },
    BANK_NAME_UNDETECTED: {
      error_type: "MU020",
      reason: "Not a valid statement or bank is not supported",
    },
    OUT_OF_DATE_RANGE: {
      error_type: "MU021",
      reason: "Please upload statements within the date range 01/01/2024 to 31/03/2024",
    },
    STATEMENT_DUPLICATE: null,
    NETWORK: null,
  };
  for (const [code, told] of Object.entries(cases)) assert.deepEqual(uploadFault(code, about), told, code);
});
