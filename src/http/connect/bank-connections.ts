/**
 * Net banking from inside the journey, as this room needs it of `connect/`: where a customer goes to give a bank their
 * consent. Without an implementation the way is not offered.
 */
import type { ReachableBank } from "../../intake/net-banking/reach.ts";
import type { Environment } from "../../store/environments.ts";
import type { Session } from "../../store/sessions.ts";

export interface BankConnections {
  /**
   * Begins a connection. `returnUrl` is the journey's own address; the customer comes back to it with
   * `connection=succeeded`, or `connection=failed` and `error_type=NB…`, added to its query.
   */
  begin(
    env: Environment,
    session: Session,
    wanted: { bank: ReachableBank; returnUrl: string },
  ): Promise<{ url: string }>;
}
