/** The request log: answers and calls. `test/console-pages-types.test.ts` holds the types to the server's schemas. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, type Environment, type Query } from "./client.ts";
import type { Page } from "./types.ts";

export const REQUEST_STATUSES = ["2xx", "3xx", "4xx", "5xx"] as const;
export const REQUEST_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export interface ApiRequest {
  id: string;
  at: string;
  method: string;
  route: string;
  target: string | null;
  status: number;
  /** Microseconds. */
  total_us: number;
  error_code: string | null;
  key: string;
  key_name: string | null;
}

export interface RequestSearch {
  status?: (typeof REQUEST_STATUSES)[number];
  method?: (typeof REQUEST_METHODS)[number];
  search?: string;
}

/** @param live asks again every two seconds: for the first page alone */
export const requests = (environment: Environment, query: Query, live: boolean) =>
  queryOptions({
    queryKey: [environment, "requests", query],
    queryFn: () => call<Page<ApiRequest>>("/requests", { environment, query }),
    refetchInterval: live ? 2000 : false,
    placeholderData: keepPreviousData,
  });
