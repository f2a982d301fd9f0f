import { z } from "zod";
import { isUuidV4 } from "../../../platform/ids.ts";
import { Refusal } from "../errors.ts";

/** Shape A of the authentication failures. */
export const DENIED = "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED";
export const ENTITY_SHAPE = { shape: "detail" } as const;

export const entityParams = z.object({
  entity_id: z
    .string()
    .meta({ description: "The entity's id.", examples: ["7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10"] }),
});

/** What is no UUID v4 is answered as one that is unknown. */
export function checkEntityId(text: string): string {
  if (!isUuidV4(text)) throw new Refusal("ENTITY_NOT_FOUND");
  return text.toLowerCase();
}
