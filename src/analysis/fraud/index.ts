/** Fraud beyond a file's metadata: what of an account's transactions a person should look at, and why. */
import type { Account, FraudFinding, Relations } from "../types.ts";
import { readFacts, type FraudOptions } from "./facts.ts";
import { fraudRules } from "./rules.ts";

export type { FraudOptions } from "./facts.ts";

/** Every type that findFraud may give, in its order. */
export const fraudTypes: readonly string[] = fraudRules.map(({ type }) => type);

/**
 * Findings in the order of the rules, each rule's oldest first. `relations`: of the session. Amounts in `evidence` are
 * whole minor units under keys that end in `Minor`; `transactions` holds hashes.
 */
export function findFraud(
  account: Account,
  relations: Relations,
  options: FraudOptions = {},
): FraudFinding[] {
  const facts = readFacts(account, relations, options);
  return fraudRules.flatMap(({ type, category, find }) =>
    find(facts).map(({ transactionHash, evidence }) => ({ type, category, transactionHash, evidence })),
  );
}
