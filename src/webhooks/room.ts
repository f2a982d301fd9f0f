/**
 * Room for requests under way in one process, and who may have how much of it. No clock, no database.
 *
 * A request is *quick* for a moment, then *slow*. Slow ones are many where receivers hang, and each stays until its
 * time-out. So the room is *crowded* once they fill half of what lies beside the quick. Who answers promptly from then on
 * is *trusted*, as long as nothing of it is slow; who did so before is *doubted*: one request, to see, and never the last
 * part, as large as the quick. Who did not answer last time is *unproven*, crowd or not: a quarter of the quick, and no
 * more than makes a crowd.
 *
 * With 512 quick of 4,096: 1,500 endpoints that all begin to hang with 8 requests each leave the last 512 free.
 */
export interface RoomLimits {
  /** Quick requests at once, in all. */
  quick: number;
  /** Requests at once, slow ones included. */
  all: number;
}

export type Trust = "trusted" | "doubted" | "unproven";

/** How a request came in: from a lane that answered last time, or not. */
export type Entry = "proven" | "unproven";

export interface Room {
  readonly inFlight: number;
  readonly isCrowded: boolean;
  /** The number of the crowd that there is, or else of the last one. */
  readonly crowd: number;
  /** How much more each may take. */
  free(): Record<Trust, number>;
  enter(entry: Entry): void;
  slow(entry: Entry): void;
  leave(entry: Entry, wasSlow: boolean): void;
}

/** Of what began it: so that one request more or less does not begin a crowd each time. */
const CROWD_ENDS = 0.75;

export function createRoom({ quick: most, all }: RoomLimits): Room {
  const quick = { proven: 0, unproven: 0 };
  const slow = { proven: 0, unproven: 0 };
  const beside = all - Math.min(most, all >> 2);
  const calm = Math.max(1, beside >> 1);
  const unprovenMost = { quick: Math.max(1, most >> 2), inCrowd: Math.max(1, beside >> 3) };
  const inFlight = () => quick.proven + quick.unproven + slow.proven + slow.unproven;
  let isCrowded = false;
  let crowd = 0;

  return {
    get inFlight() {
      return inFlight();
    },
    get isCrowded() {
      return isCrowded;
    },
    get crowd() {
      return crowd;
    },
    free() {
      const trusted = Math.min(most - quick.proven - quick.unproven, all - inFlight());
      const doubted = isCrowded ? Math.min(trusted, beside - inFlight()) : trusted;
      const slowed = isCrowded ? unprovenMost.inCrowd - slow.unproven : calm - slow.proven - slow.unproven;
      return {
        trusted,
        doubted,
        unproven: Math.min(doubted, Math.min(unprovenMost.quick, slowed) - quick.unproven),
      };
    },
    enter(entry) {
      quick[entry]++;
    },
    slow(entry) {
      quick[entry]--;
      slow[entry]++;
      if (isCrowded || slow.proven + slow.unproven <= calm) return;
      isCrowded = true;
      crowd++;
    },
    leave(entry, wasSlow) {
      (wasSlow ? slow : quick)[entry]--;
      isCrowded &&= slow.proven + slow.unproven > calm * CROWD_ENDS;
    },
  };
}
