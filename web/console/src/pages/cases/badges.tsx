import { Badge, Tooltip, type MantineColor } from "@mantine/core";
import type { CaseState, Proof, Verification } from "../../api/cases.ts";

function Label({ color, label, tip }: { color: MantineColor; label: string; tip?: string }) {
  const badge = (
    <Badge
      color={color}
      c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-2))`}
      {...(tip ? { tabIndex: 0 } : {})}
    >
      {label}
    </Badge>
  );
  return tip === undefined ? (
    badge
  ) : (
    <Tooltip label={tip} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      {badge}
    </Tooltip>
  );
}

const STATES: Record<CaseState, { color: MantineColor; label: string }> = {
  open: { color: "blue", label: "Open" },
  completed: { color: "cyan", label: "Uploads complete" },
  expired: { color: "orange", label: "Expired" },
  processing: { color: "blue", label: "Processing" },
  processed: { color: "teal", label: "Processed" },
  deleted: { color: "gray", label: "Deleted" },
};
export const CaseBadge = ({ state }: { state: CaseState }) => <Label {...STATES[state]} />;
export const stateLabel = (state: CaseState): string => STATES[state].label;

const VERIFICATIONS: Record<Verification, { color: MantineColor; label: string; tip: string }> = {
  proven: {
    color: "teal",
    label: "Proven",
    tip: "Every row follows from the balances, from the printed opening to the printed closing.",
  },
  partly: {
    color: "cyan",
    label: "Partly proven",
    tip: "Nothing contradicts, but some rows or an end rest on nothing that is printed.",
  },
  rounding: {
    color: "yellow",
    label: "Rounded",
    tip: "The bank's own document drifts by at most 0.01 on the named rows.",
  },
  broken: {
    color: "red",
    label: "Does not add up",
    tip: "At least one row contradicts the balances. Open the statement to see which.",
  },
  unverifiable: {
    color: "gray",
    label: "Not provable",
    tip: "The document prints neither balances nor totals.",
  },
};
export const VerificationBadge = ({ status }: { status: Verification }) => (
  <Label {...VERIFICATIONS[status]} />
);

const PROOFS: Record<Proof, { color: MantineColor; label: string; tip: string }> = {
  chain: { color: "teal", label: "Chain", tip: "Its balance follows from the one before." },
  totals: { color: "cyan", label: "Totals", tip: "The printed totals close over it." },
  none: { color: "orange", label: "None", tip: "Nothing that is printed proves this row." },
};
export const ProofBadge = ({ proof }: { proof: Proof }) => <Label {...PROOFS[proof]} />;
