/** A worker whose reader does what the first word of the file says: faults on demand for the pool's tests. */

import type { Statement, TextDocument } from "../types.ts";
import { serve } from "./serve.ts";

const NO_IDENTITY: Statement["identity"] = {
  accountNumber: null,
  name: null,
  address: null,
  ifsc: null,
  micr: null,
  iban: null,
  bic: null,
  sortCode: null,
  accountType: null,
  accountCategory: null,
};

/** One statement whose only transaction carries the words of the file. */
function echo(document: TextDocument): Statement {
  const words = document.pages.flatMap((page) => page.words.map((word) => word.text));
  const date = Temporal.PlainDate.from("2024-02-29");
  return {
    bank: null,
    currency: "INR",
    identity: NO_IDENTITY,
    period: { from: date, to: date },
    openingBalance: 100n,
    closingBalance: null,
    transactions: [
      {
        date,
        valueDate: null,
        description: words.join(" "),
        reference: null,
        direction: "debit",
        amount: 987654321012345n,
        balance: -1n,
        proof: "none",
        page: 1,
        line: 1,
      },
    ],
    verification: { status: "unverifiable", breaks: [], totals: [] },
    pages: { from: 1, to: document.pages.length },
  };
}

function fillHeap(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from<number>({ length: 100_000 }).fill(kept.length + 0.5));
}

function read(document: TextDocument): Statement[] {
  const command = document.pages[0]?.words[0]?.text;
  if (command === "LOOP") for (;;);
  if (command === "CRASH") throw new TypeError("a fault on demand");
  if (command === "EXIT") process.exit(3);
  if (command === "HEAP") fillHeap();
  return command === "NOTHING" ? [] : [echo(document)];
}

await serve(read);
