/**
 * Days on which every bank branch of India is closed: Sundays and second and fourth Saturdays (Government of India's
 * notification of 20 August 2015, in force from 1 September 2015), and the days that all centres of the Reserve
 * Bank's holiday list share. Most holidays under the Negotiable Instruments Act are declared state by state (Diwali,
 * Id, Good Friday, the closing of accounts on 1 April): a branch in the next state is open, and a statement rarely
 * says where it was booked, so they are left out and nobody is accused of them.
 */

/** Years for which the exceptions below were looked up. */
export const INDIA_YEARS = { first: 2019, last: 2027 } as const;

/** Month-day: Republic Day, Independence Day, Mahatma Gandhi's birthday, Christmas. */
const NATIONAL = new Set(["1-26", "8-15", "10-2", "12-25"]);

/** Sundays that ended a financial year: the Reserve Bank had branches open and cheques cleared. */
const WORKING_SUNDAYS = new Set(["2019-3-31", "2024-3-31"]);

const SATURDAY = 6;
const SUNDAY = 7;

export function isIndianBankHoliday({ year, month, day, dayOfWeek }: Temporal.PlainDate): boolean {
  if (NATIONAL.has(`${month}-${day}`)) return true;
  if (dayOfWeek === SUNDAY) return !WORKING_SUNDAYS.has(`${year}-${month}-${day}`);
  if (dayOfWeek !== SATURDAY) return false;
  const week = Math.ceil(day / 7);
  return week === 2 || week === 4;
}
