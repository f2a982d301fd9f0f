import { setTimeout as pause } from "node:timers/promises";

export interface SingleFlight {
  /** Runs the work soon; while it runs, once more afterwards, however often it is asked for. */
  kick(): void;
  /** Resolves when nothing runs and nothing is wanted. */
  idle(): Promise<void>;
}

/**
 * One run at a time. What gathers while a run is under way is the next run's batch. A run that throws is told to
 * `failed` and done again after a pause that doubles up to a second; `again` answers false where it must not.
 */
export function singleFlight(
  work: () => Promise<void>,
  failed: (error: unknown) => void,
  again: () => boolean,
): SingleFlight {
  let wanted = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    let pauseMs = 50;
    while (wanted) {
      wanted = false;
      try {
        await work();
        pauseMs = 50;
      } catch (error) {
        failed(error);
        wanted = again();
        if (wanted) await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, 1000);
      }
    }
    running = null;
  }

  const idle = (): Promise<void> => (running ? running.then(idle) : Promise.resolve());

  return {
    kick() {
      wanted = true;
      running ??= run();
    },
    idle,
  };
}
