/** Whose something is: a customer or a vendor, named in a body or in a query. */
import type { Kysely } from "kysely";
import { findCustomer, type CustomerKind } from "../../store/customers.ts";
import type { Schema } from "../../store/schema.ts";
import { named } from "./context.ts";
import { OpenBankingError } from "./errors.ts";

export interface NamedOwner {
  customer?: string | undefined;
  vendor?: string | undefined;
}

/** Its key. Throws `missing_identity` where neither is named, `resource_missing` where there is none. */
export async function ownerOf(db: Kysely<Schema>, envId: number, given: NamedOwner): Promise<bigint> {
  const owner = await filterOwner(db, envId, given);
  if (owner === undefined) throw new OpenBankingError("missing_identity");
  return owner;
}

/** Undefined where neither is named. Throws `invalid_parameter` where both are. */
export async function filterOwner(
  db: Kysely<Schema>,
  envId: number,
  { customer, vendor }: NamedOwner,
): Promise<bigint | undefined> {
  if (customer !== undefined && vendor !== undefined) {
    throw new OpenBankingError("invalid_parameter", {
      param: "vendor",
      message: "Name a `customer` or a `vendor`, not both.",
    });
  }
  const kind: CustomerKind = vendor === undefined ? "customer" : "vendor";
  const id = vendor ?? customer;
  if (id === undefined) return undefined;
  return named(await findCustomer(db, envId, id, { kind }), kind).id;
}
