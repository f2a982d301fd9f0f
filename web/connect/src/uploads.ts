/** Files on their way: one after the other, for the server reads a session's files in turn anyway. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import { ApiError, codeOf, type Api, type JourneyBody } from "./api.ts";

export type Phase =
  | { name: "waiting" }
  /** 0 to 1; at 1 the server reads it. */
  | { name: "sending"; part: number }
  /** `wrong`: one was given that did not open it. */
  | { name: "locked"; wrong: boolean }
  | { name: "refused"; code: string };

export interface Item {
  key: number;
  file: File;
  bank: string;
  password: string;
  phase: Phase;
}

type Action =
  | { type: "add"; items: Item[] }
  | { type: "phase"; key: number; phase: Phase }
  | { type: "unlock"; key: number; password: string }
  | { type: "retry"; key: number }
  | { type: "drop"; key: number };

export function reduce(items: readonly Item[], action: Action): Item[] {
  if (action.type === "add") return [...items, ...action.items];
  if (action.type === "drop") return items.filter(({ key }) => key !== action.key);
  return items.map((item) => (item.key === action.key ? changed(item, action) : item));
}

function changed(item: Item, action: Exclude<Action, { type: "add" | "drop" }>): Item {
  switch (action.type) {
    case "phase":
      return { ...item, phase: action.phase };
    case "unlock":
      return { ...item, password: action.password, phase: { name: "waiting" } };
    case "retry":
      return { ...item, phase: { name: "waiting" } };
  }
}

/** Of the same name, size and time: chosen twice. */
const isSame = (a: File, b: File): boolean =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

export interface Uploads {
  items: readonly Item[];
  isBusy: boolean;
  add: (files: readonly File[], bank: string) => void;
  unlock: (key: number, password: string) => void;
  retry: (key: number) => void;
  drop: (key: number) => void;
}

interface Heard {
  onRead: (journey: JourneyBody, item: Item) => void;
  onRefused: (code: string, item: Item) => void;
}

export function useUploads(api: Api, maxBytes: number, heard: Heard): Uploads {
  const [items, dispatch] = useReducer(reduce, []);
  const nextKey = useRef(1);
  const latest = useRef(heard);
  useEffect(() => {
    latest.current = heard;
  });
  const isBusy = items.some(({ phase }) => phase.name === "sending");
  const next = isBusy ? undefined : items.find(({ phase }) => phase.name === "waiting");

  useEffect(() => {
    if (!next) return;
    const { key, file, bank, password } = next;
    const tell = (phase: Phase) => dispatch({ type: "phase", key, phase });
    tell({ name: "sending", part: 0 });
    const onProgress = (part: number) => tell({ name: "sending", part });
    const sent =
      file.size > maxBytes
        ? Promise.reject(new ApiError("TOO_LARGE"))
        : api.upload({ file, bank, password, onProgress });
    sent.then(
      (journey) => {
        dispatch({ type: "drop", key });
        latest.current.onRead(journey, next);
      },
      (error: unknown) => {
        const code = codeOf(error);
        tell(
          code === "PASSWORD_INCORRECT"
            ? { name: "locked", wrong: password !== "" }
            : { name: "refused", code },
        );
        latest.current.onRefused(code, next);
      },
    );
  }, [api, maxBytes, next]);

  const add = useCallback(
    (files: readonly File[], bank: string) => {
      const fresh = files.filter((file) => !items.some((item) => isSame(item.file, file)));
      const made = fresh.map((file): Item => {
        const key = nextKey.current++;
        return { key, file, bank, password: "", phase: { name: "waiting" } };
      });
      dispatch({ type: "add", items: made });
    },
    [items],
  );
  const unlock = useCallback(
    (key: number, password: string) => dispatch({ type: "unlock", key, password }),
    [],
  );
  const retry = useCallback((key: number) => dispatch({ type: "retry", key }), []);
  const drop = useCallback((key: number) => dispatch({ type: "drop", key }), []);
  return { items, isBusy, add, unlock, retry, drop };
}
