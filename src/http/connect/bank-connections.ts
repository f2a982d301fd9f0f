/**
 * Net banking from inside the journey, as this room needs it of `connect/`: where a customer goes to give a bank their
 * consent.
 */
import type { ReachableBank } from "../../intake/net-banking/reach.ts";
import type { Environment } from "../../store/environments.ts";
import type { Session } from "../../store/sessions.ts";

export interface BankConnections {
  /**
   * Begins a visit of the bank. The customer comes back to the journey's own address with `connection=succeeded`, or
   * `connection=failed` and `error_type=NB…`, added to its query. Null: the bank could not be asked.
   */
  begin: (
    env: Environment,
    session: Session,
    wanted: {
      bank: ReachableBank;
      /** What the browser's cookie holds (`hosted/browser-cookie.ts`). */
      browser: string | null;
    },
  ) => Promise<{ url: string; browser: string } | null>;
}
