import type { Kysely } from "kysely";
import { envelope } from "../events/envelope.ts";
import { recordEvent } from "../events/outbox.ts";
import { recordAudit } from "../store/audit.ts";
import { insertCustomer, type NewCustomer } from "../store/customers.ts";
import type { Environment } from "../store/environments.ts";
import type { Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Connect } from "./context.ts";
import { customerObject } from "./objects/customer.ts";

export type CustomerFields = Omit<NewCustomer, "kind">;

type CustomerObject = ReturnType<typeof customerObject>;

/**
 * A customer, its event `customer.created` (a vendor has none) and the audit row, together.
 *
 * @param within runs in the same transaction, with what the caller will be answered
 */
export async function createCustomer(
  { db, clock, wake }: Pick<Connect, "db" | "clock" | "wake">,
  { env, actor }: { env: Pick<Environment, "id" | "retention">; actor: string },
  wanted: NewCustomer,
  within: (trx: Kysely<Schema>, customer: CustomerObject) => Promise<void>,
): Promise<CustomerObject> {
  return inTransaction(db, async ({ trx, afterCommit }) => {
    const now = clock();
    const customer = customerObject(await insertCustomer(trx, env.id, wanted, now));
    if (wanted.kind === "customer") {
      const type = "customer.created";
      const { lanes } = await recordEvent(trx, {
        envId: env.id,
        key: `${type}:${customer.id}`,
        type,
        resource: `customer:${customer.id}`,
        subject: customer.id,
        retention: env.retention,
        at: now,
        bodies: (id) => ({ event: envelope(id, type, now, customer) }),
      });
      afterCommit(() => wake(lanes));
    }
    await recordAudit(trx, {
      envId: env.id,
      at: now,
      actor,
      action: `${wanted.kind}.create`,
      target: `${wanted.kind}:${customer.id}`,
    });
    await within(trx, customer);
    return customer;
  });
}
