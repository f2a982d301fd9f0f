/** What pages ask for: keys and calls in one place, so that a change knows what to ask for again. */
import { keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import { ApiError, call, type Environment, type Query } from "./client.ts";
import type {
  ApiKey,
  Attempt,
  AttemptDetail,
  AuditRow,
  BankbellEvent,
  Delivery,
  Endpoint,
  EndpointHealth,
  EventDetail,
  EventType,
  Me,
  Page,
  Replay,
  Settings,
  SigninSession,
  Team,
} from "./types.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // What was refused is refused again; what did not arrive may.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status !== 0 && error.status < 500),
    },
  },
});

export const me = queryOptions({ queryKey: ["me"], queryFn: () => call<Me>("/me"), staleTime: 60_000 });

type Env = Environment;

export const endpoints = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "endpoints"],
    queryFn: () => call<Page<Endpoint>>("/endpoints", { environment, query: { limit: 200 } }),
    refetchInterval: 10_000,
  });
export const endpoint = (environment: Env, id: string) =>
  queryOptions({
    queryKey: [environment, "endpoints", id],
    queryFn: () => call<Endpoint>(`/endpoints/${id}`, { environment }),
    refetchInterval: 10_000,
  });
export const endpointHealth = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "endpoint-health"],
    queryFn: () => call<{ data: EndpointHealth[] }>("/endpoint-health", { environment }),
    refetchInterval: 30_000,
  });
export const eventTypes = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "event-types"],
    queryFn: () => call<{ data: EventType[] }>("/event-types", { environment }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What is still on its way changes without an event. */
const isMoving = ({ status }: Delivery) => status === "waiting" || status === "retrying";

/** How a live list is kept: told by the stream of events, or, without one, by asking every two seconds. */
export type Liveliness = "still" | "told" | "asking";

export const deliveries = (environment: Env, query: Query, live: Liveliness) =>
  queryOptions({
    queryKey: [environment, "deliveries", query],
    queryFn: () => call<Page<Delivery>>("/deliveries", { environment, query }),
    refetchInterval: ({ state }) =>
      live === "asking" || (live === "told" && state.data?.data.some(isMoving) === true) ? 2000 : false,
    placeholderData: keepPreviousData,
  });
export const events = (environment: Env, query: Query, live: Liveliness) =>
  queryOptions({
    queryKey: [environment, "events", query],
    queryFn: () => call<Page<BankbellEvent>>("/events", { environment, query }),
    refetchInterval: live === "asking" ? 2000 : false,
    placeholderData: keepPreviousData,
  });
export const event = (environment: Env, id: string) =>
  queryOptions({
    queryKey: [environment, "event", id],
    queryFn: () => call<EventDetail>(`/events/${id}`, { environment }),
  });
/** An event's deliveries, without the audit row that reading its body leaves. */
export const eventDeliveries = (environment: Env, resource: string) =>
  queryOptions({
    queryKey: [environment, "event-deliveries", resource],
    queryFn: () => call<Page<Delivery>>("/deliveries", { environment, query: { resource, limit: 100 } }),
    refetchInterval: 2000,
  });
export const attempts = (environment: Env, query: Query) =>
  queryOptions({
    queryKey: [environment, "attempts", query],
    queryFn: () => call<Page<Attempt>>("/attempts", { environment, query }),
    refetchInterval: 2000,
    placeholderData: keepPreviousData,
  });
export const attempt = (environment: Env, id: string) =>
  queryOptions({
    queryKey: [environment, "attempt", id],
    queryFn: () => call<AttemptDetail>(`/attempts/${id}`, { environment }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const replays = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "replays"],
    queryFn: () => call<Page<Replay>>("/replays", { environment, query: { limit: 20 } }),
    refetchInterval: (query) =>
      query.state.data?.data.some(({ status }) => status === "running") === true ? 1000 : 10_000,
  });

export const keys = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "keys"],
    queryFn: () => call<{ data: ApiKey[] }>("/keys", { environment }),
  });
export const settings = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "settings"],
    queryFn: () => call<Settings>("/settings", { environment }),
  });
export const audit = (environment: Env, query: Query) =>
  queryOptions({
    queryKey: [environment, "audit", query],
    queryFn: () => call<Page<AuditRow>>("/audit", { environment, query }),
    placeholderData: keepPreviousData,
  });
export const team = (environment: Env) =>
  queryOptions({ queryKey: [environment, "team"], queryFn: () => call<Team>("/team", { environment }) });
export const teamSessions = (environment: Env) =>
  queryOptions({
    queryKey: [environment, "team-sessions"],
    queryFn: () => call<{ data: SigninSession[] }>("/team/sessions", { environment }),
  });
export const mySessions = queryOptions({
  queryKey: ["my-sessions"],
  queryFn: () => call<{ data: SigninSession[] }>("/me/sessions"),
});
