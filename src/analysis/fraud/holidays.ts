/** What needs an open branch or a clearing session, on a day that has none anywhere in the country. */
import { isBankHoliday } from "../holidays/index.ts";
import type { Row } from "../relations/rows.ts";
import type { Channel } from "../types.ts";
import { minor, type Facts, type Found } from "./facts.ts";

/** Machines take cash every day: a deposit by one is nothing to ask about. */
const MACHINE = /\b(?:CDM|BNA|CRM|ATM|MACHINE|SELF\s?SERVICE|RECYCLER)\b/i;

/** `isAtCounter`: what the transaction must be, beside its channel. */
export const findOnHoliday =
  (channel: Channel, isAtCounter: (row: Row) => boolean = () => true) =>
  ({ rows, country }: Facts): Found[] => {
    if (country === null) return [];
    return rows
      .filter(
        (row) =>
          row.transaction.channel === channel &&
          isAtCounter(row) &&
          isBankHoliday(row.transaction.date, country) === true,
      )
      .map(({ transaction: { hash, date, amount } }) => ({
        transactionHash: hash,
        evidence: { date: date.toString(), weekday: date.dayOfWeek, country, amountMinor: minor(amount) },
      }));
  };

export const isOverTheCounter = ({ transaction: { direction, description, narration } }: Row): boolean =>
  direction === "credit" &&
  description !== "deposit_by_machine" &&
  description !== "deposit_machine_words" &&
  !MACHINE.test(narration);
