/** What a client sends to have something paid. Amounts and recipients are checked by `connect/payments/input.ts`. */
import { z } from "zod";
import { MISSING } from "./errors.ts";
import { optionalText, text } from "./fields.ts";

/** A number of JSON, or its text in a form; never through a float. */
const amount = z
  .union([z.string(), z.number()], {
    error: ({ input }) => (input === undefined ? MISSING : "is not an amount such as 12.50"),
  })
  .meta({ type: "number", description: "In major units, such as 12.50.", examples: [250.5] });

export const recipientFields = z
  .object(
    {
      name: optionalText(200, { examples: ["Ann Example"] }),
      sort_code: optionalText(20, {
        description: "Six digits, with or without hyphens.",
        examples: ["04-00-04"],
      }),
      account_number: optionalText(20, { description: "Eight digits.", examples: ["12345678"] }),
      iban: optionalText(50, { description: "In place of sort code and account number." }),
    },
    { error: ({ input }) => (input === undefined ? MISSING : "is not recipient[name]=…") },
  )
  .meta({ description: "Whom to pay: name, and sort code with account number, or IBAN." });

export const instructionFields = {
  amount,
  reference: text(200, {
    description: "What the recipient sees: up to 18 letters, digits, spaces or /-?:().,'+&.",
    examples: ["INVOICE 17"],
  }),
  description: optionalText(140, { description: "For your own records; banks do not see it." }),
  recipient: recipientFields,
};
