/** What browsers go to banks for. A new kind is a line here and a column of `bank_trips`. */
import { consentTrip } from "./consents/trip.ts";
import { sessionTrip } from "./net-banking.ts";
import { batchTrip, paymentTrip } from "./payments/trip.ts";
import type { TripTargets } from "./trips.ts";

export const TRIP_TARGETS: TripTargets = {
  consent: consentTrip,
  payment: paymentTrip,
  batch_payment: batchTrip,
  session: sessionTrip,
};
