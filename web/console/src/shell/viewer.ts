/** Who looks, and at which environment: for every page behind sign-in. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Environment } from "../api/client.ts";
import { me } from "../api/queries.ts";
import type { Me, Role } from "../api/types.ts";
import { isAtLeast } from "./nav.ts";

export function useEnvironment(): Environment {
  const { environment } = useParams({ from: "/$environment" });
  return environment;
}

export interface Viewer extends Me {
  role: Role;
  may: (least: Role) => boolean;
}

export function useViewer(): Viewer {
  const { data } = useSuspenseQuery(me);
  const role = data.organisation?.role ?? "viewer";
  return { ...data, role, may: (least) => isAtLeast(role, least) };
}
