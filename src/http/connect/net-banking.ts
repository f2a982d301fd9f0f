/** Net banking from inside the journey, through the configured providers. */
import type { Connect } from "../../connect/context.ts";
import { beginVisit } from "../../connect/net-banking.ts";
import type { BankConnections } from "./bank-connections.ts";

/** Of an entity, which asks for no range. */
const ENTITY_MONTHS = 12;

export const bankConnections = (connect: Connect): BankConnections => ({
  async begin(env, session, { bank, browser }) {
    const provider = connect.providers.find(bank.provider);
    if (!provider) return null;
    const today = connect.clock().toZonedDateTimeISO(env.timeZone).toPlainDate();
    const first = session.kind === "entity" ? today.subtract({ months: ENTITY_MONTHS }) : session.from_date;
    const from = first.toZonedDateTime({ timeZone: env.timeZone }).toInstant();
    const begun = await beginVisit(connect, env, { sessionId: session.id, provider, browser, from });
    if (begun.ok) return { url: begun.value.url.href, browser: begun.value.browser };
    const { fault, code } = begun;
    connect.log.warn({ env_id: env.id, provider: provider.id, fault, code }, "a bank could not be asked");
    return null;
  },
});
