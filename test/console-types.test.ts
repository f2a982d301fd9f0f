/**
 * The console's page writes down by hand what the API answers (`web/console/src/api/types.ts`), so that it imports
 * nothing of the server. The type check fails where the two differ; the test says so in the list of tests.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import type { endpointView } from "../src/http/console/endpoint-fields.ts";
import type { attemptView, deliveryView, eventView } from "../src/http/console/views.ts";
import type { SettingValues } from "../src/store/settings.ts";
import type {
  Attempt,
  BankbellEvent,
  Delivery,
  Endpoint,
  Role,
  Settings,
} from "../web/console/src/api/types.ts";
import type { MemberRole } from "../src/store/schema-signin.ts";

/** True only where each fits into the other. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

const same: {
  endpoint: Same<Endpoint, z.output<typeof endpointView>>;
  event: Same<BankbellEvent, z.output<typeof eventView>>;
  delivery: Same<Delivery, z.output<typeof deliveryView>>;
  attempt: Same<Attempt, z.output<typeof attemptView>>;
  settings: Same<Settings, SettingValues>;
  role: Same<Role, MemberRole>;
} = { endpoint: true, event: true, delivery: true, attempt: true, settings: true, role: true };

test("the page's types are the server's", () => {
  assert.ok(Object.values(same).every(Boolean));
});
