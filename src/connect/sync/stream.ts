/** The transactions of a range as a stream of pages that outlives the access token it began with. */
import type { Access } from "./access.ts";
import { restOf, type Range } from "./schedule.ts";
import type { AccountInformation, Fault, ProviderTransaction } from "../providers/provider.ts";

/** `pass`: 1 until the grant is renewed, then 2 …: each reads its part of the range from its own beginning. */
export type Page = { ok: true; value: ProviderTransaction[]; pass: number } | Fault;

/**
 * Ends after the first fault. Where the bank ends the grant in the middle, it is refreshed, and what is left of the
 * range is read with the new one: rows at the seam come twice. A grant that ends before it has brought anything is the
 * second time a fault.
 */
export async function* readTransactions(
  ais: AccountInformation,
  access: Access,
  accountRef: string,
  range: Range,
): AsyncGenerator<Page> {
  let left = range;
  let held = await access.grant();
  for (let pass = 1; ; pass++) {
    if (!held.ok) return yield held;
    let first: Temporal.Instant | null = null;
    let last: Temporal.Instant | null = null;
    let fault: Fault | null = null;
    for await (const page of ais.transactions(held.value, accountRef, left)) {
      if (!page.ok) {
        fault = page;
        break;
      }
      first ??= page.value[0]?.at ?? null;
      last = page.value.at(-1)?.at ?? last;
      yield { ...page, pass };
    }
    if (!fault) return;
    if (fault.fault !== "grant_ended") return yield fault;
    const rest = restOf(left, first, last);
    // The first grant may have run out before its first page; with a new one in hand there is no such excuse.
    if (!rest && left !== range) return yield fault;
    held = await access.grant(held.value);
    left = rest ?? { ...range };
  }
}
