/** A finding's evidence as it leaves this room: amounts in units of the currency, keys in snake_case. */
import type { FraudFinding } from "./types.ts";

/** `{expectedMinor: 123456}` becomes `{expected: 1234.56}`. `digits`: of the currency's minor unit. */
export function plainEvidence(evidence: FraudFinding["evidence"], digits: number): FraudFinding["evidence"] {
  return Object.fromEntries(
    Object.entries(evidence).map(([key, value]) => {
      const isAmount = key.endsWith("Minor") && typeof value === "number";
      return isAmount
        ? [snakeCase(key.slice(0, -"Minor".length)), value / 10 ** digits]
        : [snakeCase(key), value];
    }),
  );
}

const snakeCase = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
