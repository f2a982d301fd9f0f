import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { detectDateOrder, parseDate, readDate, type DateOrder } from "./dates.ts";
import type { Period } from "./types.ts";

function period(from: string, to: string): Period {
  return { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) };
}

function iso(text: string, order: DateOrder = "dmy", within: Period | null = null): string | null {
  return parseDate(text, order, within)?.toString() ?? null;
}

test("hours behind a day are no year", () => {
  const { year, end } = readDate("29 Nov 00:15:07", "dmy") ?? assert.fail();
  assert.deepEqual([year, end], [null, "29 Nov 00:15:07".length]);
});

test("dates with a year, in the forms that statements print", () => {
  const second = [
    "02/01/2024", "02-01-2024", "02.01.2024", "2/1/2024", "02/01/24", "2024-01-02", "2024/01/02", "20240102", "02JAN24", "02JAN2024",
    "02-Jan-24", "02-Jan-2024", "2 Jan 2024", "02 January, 2024", "2 januari 2024", "2 janv. 2024", "2. Januar 2024", "2 de enero de 2024",
    "2 gennaio 2024", "2 jan. 2024", "Jan 2, 2024", "January 2 2024", "2nd Jan 2024", "Tue, 02 Jan 2024", "2024年1月2日", "02/01/2567",
    "02 Jan 2024 08:21:07", "02/01/2024 8:21 PM", "2024-01-02T08:21:07Z", "02 01 2024", "02 Jan '24",
  ]; // prettier-ignore
  for (const text of second) assert.equal(iso(text), "2024-01-02", text);
  assert.equal(iso("1er janvier 2024"), "2024-01-01");
  // `De` is no Spanish `de` here.
  for (const text of ["12 December 2023", "12 DECEMBER 2023", "12 de diciembre de 2023"])
    assert.equal(iso(text), "2023-12-12", text);
  assert.equal(iso("01/02/24", "mdy"), "2024-01-02");
  assert.equal(iso("24/01/02", "ymd"), "2024-01-02");
  assert.equal(iso("29/02/2024"), "2024-02-29");
});

test("months have their names in the languages of statements", () => {
  const third = [
    "3 janv. 2024", "3 ene 2024", "3 gennaio 2024", "3 de janeiro de 2024", "3. Jänner 2024", "3 stycznia 2024", "3 oca 2024",
    "3. ledna 2024", "3. tammikuuta 2024", "3 ianuarie 2024", "3 января 2024", "03 янв. 2024", "3 січня 2024",
    "3 Ιανουαρίου 2024", "3 जनवरी 2024", "3 ม.ค. 2567", "3 มกราคม 2567", "3 ม.ค. 67", "2024. 01. 03.", "2024/1/3",
  ]; // prettier-ignore
  for (const text of third) assert.equal(iso(text), "2024-01-03", text);
  const others = { "1 août 2024": "2024-08-01", "9 mei 2024": "2024-05-09", "29 ก.พ. 67": "2024-02-29" };
  for (const [text, date] of Object.entries(others)) assert.equal(iso(text), date, text);
});

test("a time of day belongs to the date", () => {
  for (const time of ["08:15", "08:15:33", "8:15 PM", "at 10:22 PM", "10.15.22", "14h05"])
    assert.equal(iso(`02/01/2024 ${time}`), "2024-01-02", time);
  // An amount is none.
  assert.equal(readDate("02/01/2024 10.15", "dmy")?.end, 10);
});

test("short years of the Buddhist era", () => {
  assert.equal(iso("02/01/67"), "2024-01-02");
  assert.equal(iso("29/02/67"), "2024-02-29");
  assert.equal(iso("02/01/70", "dmy", period("2027-01-01", "2027-03-31")), "2027-01-02");
  assert.equal(iso("02/01/70"), "1970-01-02");
});

test("a missing year comes from the period, also across New Year", () => {
  const across = period("2023-12-12", "2024-01-11");
  assert.equal(iso("2 Jan", "dmy", across), "2024-01-02");
  assert.equal(iso("30 Dec", "dmy", across), "2023-12-30");
  // A posting just before the period, and one just after it.
  assert.equal(iso("11 Dec", "dmy", across), "2023-12-11");
  assert.equal(iso("12 Jan", "dmy", across), "2024-01-12");
  assert.equal(iso("06/02", "mdy", period("2025-06-01", "2025-06-30")), "2025-06-02");
  assert.equal(iso("2 okt", "dmy", period("2025-10-01", "2025-10-31")), "2025-10-02");
  assert.equal(iso("30 Dec", "dmy", period("2024-01-01", "2024-01-31")), "2023-12-30");
  assert.equal(iso("29 Feb", "dmy", period("2023-12-12", "2024-03-11")), "2024-02-29");
  assert.equal(iso("2 Jan"), null);
});

test("what is no date is refused", () => {
  for (const text of [
    "31/02/2024",
    "30/02/2024",
    "29/02/2023",
    "13/13/2024",
    "1,234.56",
    "12.50",
    "0000",
    "32 Jan 2024",
    "hello",
    "10.00",
    "1234567890",
    "02 Foo 2024",
    "Mar",
    "12/34",
  ]) {
    assert.equal(iso(text), null, text);
  }
});

test("a date is read off the front of a line", () => {
  const date = readDate("02 May 2023 08:21:07 Transfer", "dmy");
  assert.deepEqual(date, { year: 2023, month: 5, day: 2, form: "full", end: 20 });
  assert.equal(readDate("02 May 500.00", "dmy")?.form, "named");
  assert.equal(readDate("02/05 shop", "dmy")?.form, "bare");
});

test("the whole document tells day from month", () => {
  assert.equal(detectDateOrder(["02/01/24", "15/01/24"]), "dmy");
  assert.equal(detectDateOrder(["01/02/24", "01/15/24"]), "mdy");
  assert.equal(detectDateOrder(["06/02", "06/05", "06/10", "06/25"]), "mdy");
  // No part over 12: the order under which the dates run smoothly.
  assert.equal(detectDateOrder(["01/02/24", "01/05/24", "01/09/24", "01/12/24"]), "mdy");
  assert.equal(detectDateOrder(["02/01/24", "05/01/24", "09/01/24", "12/01/24"]), "dmy");
  assert.equal(detectDateOrder(["24/01/15", "24/01/31", "99/12/31", "98/11/30"]), "ymd");
  assert.equal(detectDateOrder([]), "dmy");
});

test("parse undoes print for every day", () => {
  const first = Temporal.PlainDate.from("1970-01-01");
  // Short years end in 2054: from 55 to 69 they are of the Buddhist era.
  const days = fc.integer({ min: 0, max: 31_000 }).map((days) => first.add({ days }).toString());
  fc.assert(
    fc.property(days, fc.constantFrom<DateOrder>("dmy", "mdy"), fc.boolean(), (text, order, short) => {
      const [year = "", month = "", date = ""] = text.split("-");
      const parts = order === "dmy" ? [date, month] : [month, date];
      return iso([...parts, short ? year.slice(2) : year].join("/"), order) === text;
    }),
  );
});
