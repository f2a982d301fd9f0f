/** What labelling needs to know of an account, made ready once. */
import type { AccountProfile, KnownParties } from "../types.ts";
import { lexiconOf, regionOf, type Lexicon } from "./lexicon.ts";
import { namesTest, ownNamesTest, type NameTest } from "./names.ts";
import { SIGNALS } from "./signals.ts";

/** What does not change between the transactions of one account. */
export interface Labeller {
  lexicon: Lexicon;
  isOwn: NameTest;
  isEmployer: NameTest;
  /** Where the first phrase of each signal ends; of the narration in hand, and only where its bit is set. */
  ends: Int32Array;
}

export function labellerOf(profile: AccountProfile, known: KnownParties): Labeller {
  const own = profile.holder === null ? known.ownNames : [profile.holder, ...known.ownNames];
  return {
    lexicon: lexiconOf(regionOf(profile.country, profile.currency)),
    isOwn: ownNamesTest(own, known.companies),
    isEmployer: namesTest(known.employers),
    ends: new Int32Array(SIGNALS.length),
  };
}
