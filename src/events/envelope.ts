/** The open-banking contract's event (seed 004, ruling 16). Pure. */

export interface Envelope {
  id: string;
  object: "event";
  created_at: string;
  type: string;
  data: { object: object };
}

/** @param id `evt_…`, which `recordEvent` gives to `bodies` */
export function envelope(id: string, type: string, at: Temporal.Instant, object: object): Envelope {
  return { id, object: "event", created_at: seconds(at), type, data: { object } };
}

/** Instants on this contract's wire: whole seconds, `2020-01-30T12:44:55Z`. */
export const seconds = (at: Temporal.Instant): string =>
  at.round({ smallestUnit: "second", roundingMode: "floor" }).toString();
