/** ISO 8601 in UTC, whole seconds (reference §1.4). */
export const time = (instant: Temporal.Instant): string => instant.toString({ smallestUnit: "second" });
export const timeOrNull = (instant: Temporal.Instant | null): string | null =>
  instant === null ? null : time(instant);
