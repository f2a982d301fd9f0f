/** Where the customer is, kept in the address' fragment: the back button and a reload both find it. */
import { useCallback, useEffect, useState } from "react";
import type { JourneyBody } from "./api.ts";

export type Step =
  | { name: "bank" }
  /** `bank` is an identifier; empty: detect. */
  | { name: "way" | "online" | "upload" | "review"; bank: string };

const NAMES = ["bank", "way", "online", "upload", "review"] as const;

export const fragmentOf = (step: Step): string =>
  step.name === "bank" ? "#bank" : `#${step.name}/${encodeURIComponent(step.bank)}`;

export function readStep(fragment: string): Step | null {
  const [name, bank = ""] = fragment.replace(/^#/, "").split("/");
  const known = NAMES.find((one) => one === name);
  if (known === undefined) return null;
  return known === "bank" ? { name: known } : { name: known, bank: safeDecode(bank) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Where a journey begins or is taken up again: what was uploaded is known to the server. */
export function firstStep({ accounts, bank, ways, connections }: JourneyBody): Step {
  const visit = connections.at(-1);
  if (accounts.length > 0 || (visit && visit.status !== "failed"))
    return { name: "upload", bank: bank?.id ?? "" };
  if (visit && ways.includes("online")) return { name: "online", bank: visit.bank.id };
  if (!bank) return { name: "bank" };
  return { name: ways.length > 1 ? "way" : ways[0] === "online" ? "online" : "upload", bank: bank.id };
}

/** The step of the address where the journey allows it. */
export function useStep(journey: JourneyBody): [Step, (step: Step) => void] {
  const [fragment, setFragment] = useState(location.hash);
  useEffect(() => {
    const follow = () => setFragment(location.hash);
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
    return () => {
      removeEventListener("popstate", follow);
      removeEventListener("hashchange", follow);
    };
  }, []);
  const go = useCallback((step: Step) => {
    history.pushState(null, "", fragmentOf(step));
    setFragment(location.hash);
  }, []);
  return [allowed(readStep(fragment), journey), go];
}

function allowed(step: Step | null, journey: JourneyBody): Step {
  const first = firstStep(journey);
  if (step === null) return first;
  // A fixed bank is not chosen; nothing is reviewed before something was read; a bank is not connected where none can be.
  if (step.name === "bank") return journey.bank ? first : step;
  if (step.name === "review" && !journey.may_finish) return { ...step, name: "upload" };
  if ((step.name === "online" || step.name === "way") && !journey.ways.includes("online")) return first;
  return journey.bank ? { ...step, bank: journey.bank.id } : step;
}
