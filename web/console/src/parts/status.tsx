import { Badge, type MantineColor } from "@mantine/core";
import type { Attempt, DeliveryStatus, EndpointStatus } from "../api/types.ts";

const DELIVERY: Record<DeliveryStatus, { color: MantineColor; label: string }> = {
  waiting: { color: "gray", label: "Waiting" },
  retrying: { color: "orange", label: "Retrying" },
  delivered: { color: "teal", label: "Delivered" },
  exhausted: { color: "red", label: "Exhausted" },
  expired: { color: "gray", label: "Expired" },
  withdrawn: { color: "gray", label: "Withdrawn" },
};
const ENDPOINT: Record<EndpointStatus, { color: MantineColor; label: string }> = {
  enabled: { color: "teal", label: "Enabled" },
  paused: { color: "orange", label: "Paused" },
  disabled: { color: "gray", label: "Disabled" },
};
const OUTCOME: Record<Attempt["outcome"], { color: MantineColor; label: string }> = {
  delivered: { color: "teal", label: "Delivered" },
  failed: { color: "orange", label: "Failed" },
  exhausted: { color: "red", label: "Exhausted" },
  stale: { color: "gray", label: "Not counted" },
  expired: { color: "gray", label: "Expired" },
};

function Label({ color, label }: { color: MantineColor; label: string }) {
  return (
    <Badge color={color} c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-2))`}>
      {label}
    </Badge>
  );
}

/** A test is tried once: where it failed, the API says `withdrawn`, for nothing is queued. */
export const DeliveryBadge = ({ status, type }: { status: DeliveryStatus; type: string }) =>
  status === "withdrawn" && type === "webhook.test" ? (
    <Label color="red" label="Not delivered" />
  ) : (
    <Label {...DELIVERY[status]} />
  );
export const EndpointBadge = ({ status }: { status: EndpointStatus }) => <Label {...ENDPOINT[status]} />;
export const OutcomeBadge = ({ outcome }: { outcome: Attempt["outcome"] }) => <Label {...OUTCOME[outcome]} />;
export const outcomeColor = (outcome: Attempt["outcome"]): MantineColor => OUTCOME[outcome].color;
export const deliveryLabel = (status: DeliveryStatus): string => DELIVERY[status].label;

const ERRORS: Readonly<Record<string, string>> = {
  timeout: "no answer in time",
  refused: "connection refused",
  dns: "the name was not found",
  tls: "TLS did not verify",
  forbidden_address: "the address is not allowed",
};

/** What an attempt came to: `502`, or why there was no answer. */
export const answerText = (status: number | null, error: string | null): string =>
  status === null ? (ERRORS[error ?? ""] ?? error?.replaceAll("_", " ") ?? "no answer") : `HTTP ${status}`;
