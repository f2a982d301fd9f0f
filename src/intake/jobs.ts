import type { CronLine, Task } from "../platform/jobs.ts";
import type { Intake } from "./context.ts";

/** What graphile-worker runs for this room, by task name. */
export function intakeTasks(_intake: Intake): Record<string, Task> {
  throw new Error("follows");
}

export const intakeCron: readonly CronLine[] = [{ task: "make_day_partitions", match: "10 0 * * *" }];
