/** Passed in wherever time matters, so that tests decide what time it is. */
export type Clock = () => Temporal.Instant;

export const systemClock: Clock = () => Temporal.Now.instant();
