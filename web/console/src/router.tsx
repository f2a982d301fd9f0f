/** The pages and their paths. A new page: a file in `pages/`, a route here, and, if it has one, a line in `shell/nav.ts`. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError, type Environment } from "./api/client.ts";
import { me, queryClient } from "./api/queries.ts";
import { NotFound, PageFault } from "./parts/faults.tsx";
import {
  readCaseSearch,
  readConsentSearch,
  readDeliverySearch,
  readEventSearch,
  readPaymentSearch,
  readRequestSearch,
  text,
} from "./search.ts";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageFault });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } => text(search, "to"),
  component: lazyRouteComponent(() => import("./pages/sign-in.tsx"), "SignInPage"),
});
const firstOwner = createRoute({
  getParentRoute: () => root,
  path: "/first-owner",
  component: lazyRouteComponent(() => import("./pages/first-owner.tsx"), "FirstOwnerPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("./pages/reset-password.tsx"), "ResetPasswordPage"),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation/$id",
  component: lazyRouteComponent(() => import("./pages/invitation.tsx"), "InvitationPage"),
});

const LAST_ENVIRONMENT = "bankbell-environment";
const isEnvironment = (value: unknown): value is Environment => value === "live" || value === "sandbox";
const lastEnvironment = (): Environment => {
  const last = localStorage.getItem(LAST_ENVIRONMENT);
  return isEnvironment(last) ? last : "sandbox";
};

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's way
    throw redirect({ to: "/$environment/webhooks", params: { environment: lastEnvironment() } });
  },
});

/** Everything behind sign-in. Who is not signed in comes back to where they wanted to go. */
const shell = createRoute({
  getParentRoute: () => root,
  path: "/$environment",
  params: {
    parse: ({ environment }) => {
      // oxlint-disable-next-line typescript/only-throw-error -- the router's way
      if (!isEnvironment(environment)) throw redirect({ to: "/" });
      return { environment };
    },
    stringify: ({ environment }) => ({ environment }),
  },
  beforeLoad: async ({ params, location }) => {
    localStorage.setItem(LAST_ENVIRONMENT, params.environment);
    try {
      await queryClient.ensureQueryData(me);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "UNAUTHENTICATED") throw error;
      // oxlint-disable-next-line typescript/only-throw-error -- the router's way
      throw redirect({ to: "/sign-in", search: { to: location.href } });
    }
  },
  component: Shell,
});

const page = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => shell, path, component });

const webhooks = page(
  "/webhooks",
  lazyRouteComponent(() => import("./pages/webhooks.tsx"), "WebhooksPage"),
);
const newWebhook = page(
  "/webhooks/new",
  lazyRouteComponent(() => import("./pages/webhook-new.tsx"), "NewWebhookPage"),
);
const webhook = page(
  "/webhooks/$id",
  lazyRouteComponent(() => import("./pages/webhook.tsx"), "WebhookPage"),
);
const editWebhook = page(
  "/webhooks/$id/edit",
  lazyRouteComponent(() => import("./pages/webhook-edit.tsx"), "EditWebhookPage"),
);
const deliveries = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries",
  validateSearch: readDeliverySearch,
  component: lazyRouteComponent(() => import("./pages/deliveries.tsx"), "DeliveriesPage"),
});
const events = createRoute({
  getParentRoute: () => shell,
  path: "/events",
  validateSearch: readEventSearch,
  component: lazyRouteComponent(() => import("./pages/events.tsx"), "EventsPage"),
});
const event = page(
  "/events/$id",
  lazyRouteComponent(() => import("./pages/event.tsx"), "EventPage"),
);
const replays = page(
  "/replays",
  lazyRouteComponent(() => import("./pages/replays.tsx"), "ReplaysPage"),
);
const developers = page(
  "/developers",
  lazyRouteComponent(() => import("./pages/developers.tsx"), "DevelopersPage"),
);
const reference = page(
  "/reference",
  lazyRouteComponent(() => import("./pages/reference.tsx"), "ReferencePage"),
);
const team = page(
  "/settings/team",
  lazyRouteComponent(() => import("./pages/team.tsx"), "TeamPage"),
);
const security = page(
  "/settings/security",
  lazyRouteComponent(() => import("./pages/security.tsx"), "SecurityPage"),
);
const audit = page(
  "/settings/audit",
  lazyRouteComponent(() => import("./pages/audit.tsx"), "AuditPage"),
);
const bankconnect = page(
  "/settings/bankconnect",
  lazyRouteComponent(() => import("./pages/bankconnect.tsx"), "BankconnectPage"),
);

const requests = createRoute({
  getParentRoute: () => shell,
  path: "/developers/requests",
  validateSearch: readRequestSearch,
  component: lazyRouteComponent(() => import("./pages/requests.tsx"), "RequestsPage"),
});
const openBankingSettings = page(
  "/settings/open-banking",
  lazyRouteComponent(() => import("./pages/open-banking-settings.tsx"), "OpenBankingSettingsPage"),
);
const journeySettings = page(
  "/settings/journey",
  lazyRouteComponent(() => import("./pages/journey-settings.tsx"), "JourneySettingsPage"),
);

const sessions = createRoute({
  getParentRoute: () => shell,
  path: "/sessions",
  validateSearch: readCaseSearch,
  component: lazyRouteComponent(() => import("./pages/cases/cases.tsx"), "CasesPage"),
});
const session = page(
  "/sessions/$id",
  lazyRouteComponent(() => import("./pages/cases/case.tsx"), "CasePage"),
);
const statement = page(
  "/sessions/$id/statements/$statement",
  lazyRouteComponent(() => import("./pages/cases/statement.tsx"), "StatementPage"),
);

const customers = page(
  "/open-banking/customers",
  lazyRouteComponent(() => import("./pages/open-banking/customers.tsx"), "CustomersPage"),
);
const customer = page(
  "/open-banking/customers/$id",
  lazyRouteComponent(() => import("./pages/open-banking/customers.tsx"), "CustomerPage"),
);
const consents = createRoute({
  getParentRoute: () => shell,
  path: "/open-banking/consents",
  validateSearch: readConsentSearch,
  component: lazyRouteComponent(() => import("./pages/open-banking/consents.tsx"), "ConsentsPage"),
});
const consent = page(
  "/open-banking/consents/$id",
  lazyRouteComponent(() => import("./pages/open-banking/consents.tsx"), "ConsentPage"),
);
const bankAccount = page(
  "/open-banking/accounts/$id",
  lazyRouteComponent(() => import("./pages/open-banking/account.tsx"), "BankAccountPage"),
);
const payments = createRoute({
  getParentRoute: () => shell,
  path: "/open-banking/payments",
  validateSearch: readPaymentSearch,
  component: lazyRouteComponent(() => import("./pages/open-banking/payments.tsx"), "PaymentsPage"),
});
const payment = page(
  "/open-banking/payments/$id",
  lazyRouteComponent(() => import("./pages/open-banking/payments.tsx"), "PaymentPage"),
);
const banks = page(
  "/open-banking/banks",
  lazyRouteComponent(() => import("./pages/open-banking/banks.tsx"), "BanksPage"),
);

const shellPages = shell.addChildren([
  customers,
  customer,
  consents,
  consent,
  bankAccount,
  payments,
  payment,
  banks,
  sessions,
  session,
  statement,
  webhooks,
  newWebhook,
  webhook,
  editWebhook,
  deliveries,
  events,
  event,
  replays,
  developers,
  reference,
  team,
  security,
  audit,
  bankconnect,
  requests,
  openBankingSettings,
  journeySettings,
]);

export const router = createRouter({
  routeTree: root.addChildren([signIn, firstOwner, resetPassword, invitation, home, shellPages]),
  basepath: "/console",
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
