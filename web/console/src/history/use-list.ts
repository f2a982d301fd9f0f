import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Environment } from "../api/client.ts";
import type { Liveliness } from "../api/queries.ts";
import { useFeed } from "./use-feed.ts";

/** Pages of a list by cursor, and whether it moves: only the first page can. A new filter begins at the first page. */
export function useList(filter: unknown) {
  const [trail, setTrail] = useState<string[]>([]);
  const [isLive, setLive] = useState(true);
  const key = JSON.stringify(filter);
  useEffect(() => setTrail([]), [key]);
  return {
    trail,
    setTrail,
    cursor: trail.at(-1),
    isLive: isLive && trail.length === 0,
    setLive,
  };
}

/** A list that the stream of events keeps. */
export function useLiveList(environment: Environment, kind: "events" | "deliveries", search: unknown) {
  const list = useList([environment, search]);
  const queries = useQueryClient();
  const isTold = useFeed(environment, list.isLive, () => {
    void queries.invalidateQueries({ queryKey: [environment, kind] });
  });
  const liveliness: Liveliness = !list.isLive ? "still" : isTold ? "told" : "asking";
  return { ...list, liveliness };
}
