import { SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Environment } from "../api/client.ts";
import { useEnvironment } from "./viewer.ts";

const COLORS: Record<Environment, string> = { live: "#047857", sandbox: "#b45309" };

/** Ids belong to one environment, so the switch leads to the list of webhooks, not to the same page. */
export function EnvironmentSwitch() {
  const environment = useEnvironment();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      aria-label="Environment"
      size="xs"
      value={environment}
      color={COLORS[environment]}
      data={[
        { label: "Sandbox", value: "sandbox" },
        { label: "Live", value: "live" },
      ]}
      onChange={(value) =>
        void navigate({
          to: "/$environment/webhooks",
          params: { environment: value === "live" ? "live" : "sandbox" },
        })
      }
    />
  );
}
