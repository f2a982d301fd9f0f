import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { EXTRA_STEMS, OTHER_KINDS, STEMS } from "../src/analysis/figures/kinds.ts";
import { MONTHLY, MONTHLY_EXTRAS } from "../src/analysis/figures/monthly.ts";
import { FLAGS } from "../src/analysis/figures/predictors.ts";
import { PERIOD_PREDICTORS } from "../src/analysis/figures/predictors-period.ts";

const page = await readFile(new URL("../docs/analysis.md", import.meta.url), "utf8");

test("the page of formulas says of every kind what the table says", () => {
  for (const { name, meaning } of [...STEMS, ...EXTRA_STEMS, ...OTHER_KINDS]) {
    assert.ok(page.includes(`| \`${name}\` | ${meaning} |`), name);
  }
});

test("every key that is not made of a kind has its formula on the page", () => {
  const ofKinds = /^(amt|cnt|max_amt|min_amt|avg_amt)_/;
  const keys = [...MONTHLY, ...MONTHLY_EXTRAS].map(({ key }) => key).filter((key) => !ofKinds.test(key));
  const families: [RegExp, string][] = [
    [/^perc_salary_spend_/, "perc_salary_spend_<channel>"],
    [/^eod_bal_on_/, "eod_bal_on_<day>"],
    [/^balance_net_off_on_/, "balance_net_off_on_<day>"],
    [/^(max|min|avg)_amount_of_salary$/, "{max,min,avg}_amount_of_salary"],
  ];
  for (const key of keys) {
    const written = families.find(([family]) => family.test(key))?.[1] ?? key;
    assert.ok(page.includes(`\`${written}\``), key);
  }
  for (const { name } of PERIOD_PREDICTORS) {
    const written = /^avg_daily_closing_balance_(.*)$/.exec(name)?.[1] ?? name;
    assert.ok(page.includes(written), name);
  }
  assert.ok(FLAGS.length > 0 && page.includes("flags of §8.4"));
});
