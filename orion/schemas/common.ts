/** What the bodies of the UK Read/Write API 3.1.11 have in common: our own summary of its rules (lengths, patterns, closed objects). */
import { z } from "zod";

export const text = (most: number) => z.string().min(1).max(most);

/** With seconds and an offset, as RFC 3339 has it. */
export const dateTime = z.iso.datetime({ offset: true });

/** Unsigned: the direction stands beside it. */
export const amount = z.strictObject({
  Amount: z.string().regex(/^\d{1,13}$|^\d{1,13}\.\d{1,5}$/),
  Currency: z.string().regex(/^[A-Z]{3}$/),
});

export const indicator = z.enum(["Credit", "Debit"]);

export const schemeName = z.enum([
  "UK.OBIE.SortCodeAccountNumber",
  "UK.OBIE.IBAN",
  "UK.OBIE.PAN",
  "UK.OBIE.BBAN",
  "UK.OBIE.Paym",
]);

export const links = z.strictObject({
  Self: z.url(),
  First: z.url().optional(),
  Prev: z.url().optional(),
  Next: z.url().optional(),
  Last: z.url().optional(),
});

export const meta = z.strictObject({
  TotalPages: z.int().min(0).optional(),
  FirstAvailableDateTime: dateTime.optional(),
  LastAvailableDateTime: dateTime.optional(),
});

export const errorResponse = z.strictObject({
  Code: text(40),
  Id: text(40).optional(),
  Message: text(500),
  Errors: z
    .array(
      z.strictObject({
        ErrorCode: z.string().regex(/^UK\.OBIE\.[A-Za-z.]+$/),
        Message: text(500),
        Path: text(500).optional(),
        Url: z.url().optional(),
      }),
    )
    .min(1),
});

/** Nothing in it in 3.1: a place kept free. */
export const accountRisk = z.strictObject({});

export const answer = <T extends z.ZodType>(data: T) =>
  z.strictObject({ Data: data, Links: links.optional(), Meta: meta.optional() });
