/** How customers see an environment: answers and calls. `test/console-pages-types.test.ts` holds the types to the server's. */
import { queryOptions } from "@tanstack/react-query";
import { call, type Environment } from "./client.ts";

export interface OpenBankingSettings {
  app_id: string;
  organisation: string;
  app_name: string | null;
  support_url: string | null;
  consent_days: number | null;
  reminder_days: number[];
}

export interface JourneySettings {
  name: string | null;
  color: string | null;
  logo_url: string | null;
  support_url: string | null;
  origins: string[];
}

export const openBankingSettings = (environment: Environment) =>
  queryOptions({
    queryKey: [environment, "settings", "open-banking"],
    queryFn: () => call<OpenBankingSettings>("/settings/open-banking", { environment }),
  });

export const journeySettings = (environment: Environment) =>
  queryOptions({
    queryKey: [environment, "settings", "journey"],
    queryFn: () => call<JourneySettings>("/settings/journey", { environment }),
  });
