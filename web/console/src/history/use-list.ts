import { useEffect, useState } from "react";

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
