import { seconds } from "../../events/envelope.ts";
import type { CustomerRow } from "../../store/customers.ts";

/** A customer or a vendor as the wire has it (reference §3.1). */
export const customerObject = (row: CustomerRow) => ({
  id: row.public_id,
  object: row.kind,
  name: row.name,
  email: row.email,
  phone: row.phone,
  currency: row.currency,
  metadata: row.metadata,
  created_at: seconds(row.created_at),
  updated_at: seconds(row.updated_at),
});
