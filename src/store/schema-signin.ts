/** The tables of the console's people (`sql/0014_signin.sql`), for what better-auth does not do by itself. */
import type { Generated } from "kysely";

type Instant = Temporal.Instant;

export type MemberRole = "owner" | "developer" | "viewer";

interface Users {
  id: string;
  name: string;
  email: string;
  two_factor_enabled: boolean | null;
  created_at: Generated<Instant>;
}

interface Sessions {
  id: string;
  user_id: string;
  token: string;
  expires_at: Instant;
  created_at: Generated<Instant>;
  updated_at: Instant;
  ip_address: string | null;
  user_agent: string | null;
  /** The public id of an organisation. */
  active_organization_id: string | null;
}

interface Members {
  id: string;
  organization_id: string;
  user_id: string;
  role: MemberRole;
  created_at: Instant;
}

interface Invitations {
  id: string;
  organization_id: string;
  email: string;
  role: MemberRole;
  status: "pending" | "accepted" | "rejected" | "canceled";
  expires_at: Instant;
  created_at: Generated<Instant>;
  inviter_id: string;
}

interface FirstLinks {
  token_hash: Buffer;
  expires_at: Instant;
}

export interface SigninSchema {
  signin_users: Users;
  signin_sessions: Sessions;
  signin_members: Members;
  signin_invitations: Invitations;
  signin_first_links: FirstLinks;
}
