import {
  IconBuildingBank,
  IconBolt,
  IconCode,
  IconSend,
  IconSettings,
  IconUsers,
  IconWebhook,
  type Icon,
} from "@tabler/icons-react";
import type { Role } from "../api/types.ts";

export interface NavEntry {
  label: string;
  /** Below `/console/<environment>`. */
  to: string;
  icon: Icon;
  /** The least role that has anything to see there; everybody where it is absent. */
  least?: Role;
  children?: { label: string; to: string; least?: Role }[];
}

/** Of pages that exist. A new page is a line here. */
export const NAV: readonly NavEntry[] = [
  { label: "Sessions", to: "/sessions", icon: IconUsers },
  {
    label: "Open banking",
    to: "/open-banking/consents",
    icon: IconBuildingBank,
    children: [
      { label: "Consents", to: "/open-banking/consents" },
      { label: "Customers", to: "/open-banking/customers" },
      { label: "Payments", to: "/open-banking/payments" },
      { label: "Banks", to: "/open-banking/banks" },
    ],
  },
  { label: "Webhooks", to: "/webhooks", icon: IconWebhook },
  { label: "Deliveries", to: "/deliveries", icon: IconSend },
  {
    label: "Events",
    to: "/events",
    icon: IconBolt,
    children: [{ label: "Replays", to: "/replays" }],
  },
  {
    label: "Developers",
    to: "/developers",
    icon: IconCode,
    children: [{ label: "Requests", to: "/developers/requests" }],
  },
  {
    label: "Settings",
    to: "/settings/security",
    icon: IconSettings,
    children: [
      { label: "Your security", to: "/settings/security" },
      { label: "Team", to: "/settings/team", least: "owner" },
      { label: "BankConnect", to: "/settings/bankconnect", least: "owner" },
      { label: "Consents and app", to: "/settings/open-banking", least: "owner" },
      { label: "Journey", to: "/settings/journey", least: "owner" },
      { label: "Audit log", to: "/settings/audit", least: "owner" },
    ],
  },
];

const RANKS: Record<Role, number> = { viewer: 0, developer: 1, owner: 2 };

export const isAtLeast = (role: Role, least: Role | undefined): boolean =>
  least === undefined || RANKS[role] >= RANKS[least];
