import { monthsCovered, type AccountSnapshot, type Snapshot } from "../../intake/snapshot.ts";
import { accountNumberFor, isoMicros, wireAmount, ym } from "../../intake/wire.ts";
import type { Settings } from "../../store/environments.ts";
import type { IdentityBody } from "./older-bodies.ts";

/** An account as both flows list it (reference §5.3). Pure. */
export const accountItem = ({ row, statements, covered }: AccountSnapshot, settings: Settings) => ({
  account_id: row.public_id,
  bank: row.bank_name,
  account_number: accountNumberFor(settings, row.account_number),
  ifsc: row.ifsc,
  micr: row.micr,
  account_category: row.account_category,
  credit_limit: wireAmount(row.credit_limit, row.currency) ?? 0,
  months: monthsCovered({ covered }).map(ym),
  statements: statements.map(({ public_id }) => public_id),
  last_updated: isoMicros(row.last_updated_at),
});

/** Whose it is. Pure. */
export const identityItem = ({ row }: AccountSnapshot, settings: Settings) => ({
  account_id: row.public_id,
  name: row.name,
  address: row.address,
  account_number: accountNumberFor(settings, row.account_number),
  account_category: row.account_category,
  credit_limit: wireAmount(row.credit_limit, row.currency) ?? 0,
});

/** Reference §2.9: near the entity flow's, plus what the document itself calls the account. Pure. */
export function identityBody({ session, accounts }: Snapshot, settings: Settings): IdentityBody {
  return {
    session_id: session.public_id,
    accounts: accounts.map((account) => accountItem(account, settings)),
    identity: accounts.map((account) => ({
      ...identityItem(account, settings),
      raw_account_category: account.row.account_type ?? "",
    })),
  };
}
