/** What people type, as these routes take it. */
import { z } from "zod";
import { ROLES } from "../console/roles.ts";

const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes("\0"), { error: "Not a valid string." });

export const personName = text(100).trim().min(1);
export const password = text(200).min(1);
/** better-auth asks for the same length. */
export const newPassword = text(200).min(10, { error: "At least 10 characters." });
export const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, { error: "Six digits." });
export const role = z.enum(ROLES);
export const okBody = { ok: true } as const;
