/**
 * Codes in the addresses of hosted pages: whoever has one may act for the customer there. Found by its SHA-256, and
 * sealed beside it so that reading the object can say its address again.
 */
import { openText, sealText, sha256, type SealKey } from "../platform/crypto.ts";
import { base62 } from "../platform/ids.ts";
import type { Connect } from "./context.ts";

export type CodeTable = "consents" | "consent_links" | "payments" | "batch_payments";

const PATH = { consents: "/c/", consent_links: "/l/", payments: "/p/", batch_payments: "/b/" } as const;

const placeOf = (table: CodeTable, row: string) => ({ table, column: "code", row });

/** 24 base-62 characters: 142 random bits. */
export function newCode(key: SealKey, table: CodeTable, row: string): { code_hash: Buffer; code: Buffer } {
  const code = base62(24);
  return { code_hash: sha256(code), code: sealText(key, code, placeOf(table, row)) };
}

export const hashCode = (code: string): Buffer => sha256(code);

/** The hosted page's address. */
export function pageUrl(
  { publicUrl }: Pick<Connect, "publicUrl">,
  key: SealKey,
  table: CodeTable,
  row: { public_id: string; code: Buffer | null },
): string {
  if (row.code === null) throw new Error(`${row.public_id} has no page.`);
  return `${publicUrl}${PATH[table]}${openText(key, row.code, placeOf(table, row.public_id))}`;
}
