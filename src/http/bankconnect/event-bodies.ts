/** What the session flow's webhooks carry (§3), for the documentation. */
import { z } from "zod";
import type { EventType } from "../../events/catalogue.ts";
import { uuid } from "./bodies.ts";

const nullableText = z.string().nullable();
const range = z.object({ from_date: z.string(), to_date: z.string() });
/** Of a statement that prints no period and has no transactions. */
const nullableRange = z.object({ from_date: nullableText, to_date: nullableText });

const uploadEnd = z.object({
  session_id: uuid,
  event_name: z.string(),
  message: z.string(),
  accounts: z.array(
    z.object({
      account_id: uuid,
      account_number: nullableText,
      bank_name: z.string(),
      created_at: z.string(),
      last_updated_at: z.string(),
      statements: z.array(
        z.object({
          statement_id: uuid,
          statement_status: z.enum(["processing", "completed", "failed"]),
          error_code: nullableText,
          error_message: nullableText,
          source: z.string(),
          created_at: z.string(),
          upload_file_name: z.string().optional(),
          statement_date_range: nullableRange.optional(),
        }),
      ),
      account_status: z.enum(["PARTIAL", "COMPLETED"]),
      months: z.array(z.string()),
      missing_data: z.array(range).optional(),
    }),
  ),
  session_date_range: range,
});

const enrichment = z.object({
  session_id: uuid,
  event_name: z.literal("ENRICHMENT_NOTIFICATION"),
  insights_available: z.boolean(),
  accounts: z.array(
    z.object({
      bank_name: z.string(),
      account_id: uuid,
      account_status: z.enum(["completed", "failed"]),
      error_code: nullableText,
      error_message: nullableText,
      name: nullableText.optional(),
      account_category: z.string().optional(),
      attempt_types: z.array(z.string()).optional(),
    }),
  ),
});

const entityStatement = z.object({
  entity_id: uuid,
  statement_id: z.string().meta({ description: '`""` where net banking failed before there was one.' }),
  link_id: nullableText,
  progress: z.enum(["completed", "failed"]),
  reason: z.string().meta({ description: '`""`, or the cause.' }),
});

export const ENTITY_EXAMPLE = {
  entity_id: "7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10",
  statement_id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
  link_id: "customer-0042",
  progress: "completed",
  reason: "",
};

const uploadEndExample = (event_name: string, message: string) => ({
  session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
  event_name,
  message,
  accounts: [
    {
      account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      account_number: "5413699704",
      bank_name: "kotak",
      created_at: "2024-04-26 12:25:57",
      last_updated_at: "2024-04-26 12:26:27",
      statements: [
        {
          statement_id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
          statement_status: "completed",
          error_code: null,
          error_message: null,
          source: "pdf",
          created_at: "2024-04-26 12:25:56.172124+00:00",
        },
      ],
      account_status: "PARTIAL",
      months: ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"],
    },
  ],
  session_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
});

export const EVENT_BODIES: Readonly<Record<EventType, { body: z.ZodType; example: unknown }>> = {
  SESSION_REQUIREMENT_COMPLETION_NOTIFICATION: {
    body: uploadEnd,
    example: uploadEndExample("SESSION_REQUIREMENT_COMPLETION_NOTIFICATION", "Upload Completed"),
  },
  SESSION_EXPIRY_NOTIFICATION: {
    body: uploadEnd,
    example: uploadEndExample("SESSION_EXPIRY_NOTIFICATION", "Session expired"),
  },
  ENTITY_STATEMENT_NOTIFICATION: {
    body: entityStatement,
    example: ENTITY_EXAMPLE,
  },
  ENRICHMENT_NOTIFICATION: {
    body: enrichment,
    example: {
      session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
      event_name: "ENRICHMENT_NOTIFICATION",
      insights_available: true,
      accounts: [
        {
          bank_name: "sbi",
          account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
          account_status: "failed",
          error_code: "MISSING_TRANSACTIONS",
          error_message: "One or more transactions are missing in the specified date range",
          name: "A. Sample",
          account_category: "individual",
          attempt_types: ["PDF"],
        },
      ],
    },
  },
};
