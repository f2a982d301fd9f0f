/**
 * When a bank is asked again about a payment. A bank wants a second between repetitions at least (OBIE read/write
 * profile, idempotency); most Faster Payments are settled within 15 s, the rest within two hours.
 */

const WAITS_S = [2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** How long whoever asks holds the payment: longer than any bank's answer is waited for. */
export const LEASE = Temporal.Duration.from({ seconds: 60 });
/**
 * A bank keeps idempotency keys for 24 hours. After this, a payment of unknown outcome is not submitted again; its
 * consent, which a bank lets be used once, tells what became of it.
 */
export const REPEATABLE_FOR = Temporal.Duration.from({ hours: 23 });
/** An answer that was lost may stand for a request that the bank is still at work on: for so long a no is not final. */
export const UNSETTLED_FOR = Temporal.Duration.from({ minutes: 10 });

/** Until the next look; `asked`: how often the bank was asked in this status; the bank's own wish counts where it is longer. */
export function waitFor(asked: number, retryAfterS: number | null = null): Temporal.Duration {
  const planned = WAITS_S[Math.min(Math.max(asked, 1), WAITS_S.length) - 1] ?? 3600;
  return Temporal.Duration.from({ seconds: Math.max(planned, Math.min(retryAfterS ?? 0, 86_400)) });
}
