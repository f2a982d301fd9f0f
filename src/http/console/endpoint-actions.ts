/** What is done to an endpoint beside changing it: pause, resume, disable, secrets, a test. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { findEndpoint, openHeaders, openSecretKey } from "../../store/endpoint-rows.ts";
import {
  disableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
  revealSecrets,
  rotateSecret,
  sendTest,
  type Managing,
  type TestOutcome,
} from "../../webhooks/manage.ts";
import { callerOf } from "../keyring.ts";
import { endpointParams, found, manage, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { ENDPOINT_EXAMPLE, endpointView, faultOf } from "./endpoint-fields.ts";
import { showEndpoint } from "./endpoints.ts";
import { ConsoleError } from "./errors.ts";
import { maskResponseHeaders } from "./masks.ts";
import { instant } from "./views.ts";

export function endpointActionRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  statusRoutes(app, deps);
  secretRoutes(app, deps);
  testRoute(app, deps);
}

const STATUS_ACTIONS = [
  {
    verb: "pause",
    id: "pauseEndpoint",
    summary: "Pause an endpoint",
    description: "It goes on queueing and drops nothing, and is not tried until it is resumed.",
    status: "paused",
    run: pauseEndpoint,
  },
  {
    verb: "resume",
    id: "resumeEndpoint",
    summary: "Resume an endpoint",
    description: "Whatever stopped it. It begins with one request at a time.",
    status: "enabled",
    run: resumeEndpoint,
  },
  {
    verb: "disable",
    id: "disableEndpoint",
    summary: "Disable an endpoint",
    description: "It queues nothing new; what it has queued is kept.",
    status: "disabled",
    run: disableEndpoint,
  },
] as const;

function statusRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  for (const { verb, id, summary, description, status, run } of STATUS_ACTIONS) {
    app.withTypeProvider<ZodTypeProvider>().route({
      method: "POST",
      url: `/endpoints/:endpoint_id/${verb}`,
      onRequest: deps.authenticate,
      schema: {
        ...describeRoute({
          id,
          summary,
          description,
          answer: endpointView,
          answerDescription: "As it is now, also where nothing had to change.",
          example: { ...ENDPOINT_EXAMPLE, status },
        }),
        params: endpointParams,
      },
      handler: async (request) => {
        const { endpoint_id } = request.params;
        const { lanes } = await manage(deps, request, (managing) => run(managing, endpoint_id), faultOf);
        if (lanes.length > 0) deps.wake();
        return showEndpoint(deps.db, callerOf(request).env, endpoint_id);
      },
    });
  }
}

const rotation = z.preprocess(
  (body) => body ?? {},
  z.strictObject({
    kind: z.enum(["v1", "v1a"]).optional().meta({ description: "HMAC-SHA256, the default, or ed25519." }),
    secret: z.string().max(200).optional().meta({ description: "Without it one is drawn." }),
    overlap_seconds: z.int().optional().meta({
      description: "How long the old ones still sign beside it: 0 to 2,592,000, by default 86,400.",
    }),
  }),
);

const secretView = z.object({
  kind: z.string(),
  secret: z.string(),
  public_key: z.string().nullable().meta({ description: "`whpk_…` of an ed25519 secret." }),
  created_at: instant,
  expires_at: instant.nullable(),
});

const SECRET_EXAMPLE = {
  kind: "v1",
  secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  public_key: null,
  created_at: "2026-01-31T12:00:00Z",
  expires_at: null,
};

const rotateDescription = describeRoute({
  id: "rotateSecret",
  summary: "Rotate the signing secret",
  description: "The new one signs at once; those that it replaces sign beside it until the overlap ends.",
  answer: z.object({ secret: z.string(), public_key: z.string().nullable(), old_until: instant }),
  answerDescription: "The new secret.",
  example: { secret: SECRET_EXAMPLE.secret, public_key: null, old_until: "2026-02-01T12:00:00Z" },
});

const revealDescription = describeRoute({
  id: "revealSecrets",
  summary: "Reveal what is masked",
  description: "The live signing secrets, the URL and the headers in full. It leaves an audit row.",
  answer: z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    secret_key: z.string().nullable(),
    secrets: z.array(secretView),
  }),
  answerDescription: "In the clear.",
  example: {
    url: "https://hooks.example/bank?key=5f0c",
    headers: { "x-tenant": "loans" },
    secret_key: null,
    secrets: [SECRET_EXAMPLE],
  },
});

function secretRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: "/endpoints/:endpoint_id/rotate-secret",
    onRequest: deps.authenticate,
    schema: { ...rotateDescription, params: endpointParams, body: rotation },
    handler: async (request) => {
      const { kind, secret, overlap_seconds } = request.body;
      const wanted = {
        ...(kind === undefined ? {} : { kind }),
        ...(secret === undefined ? {} : { secret }),
        ...(overlap_seconds === undefined ? {} : { overlapSeconds: overlap_seconds }),
      };
      const { endpoint_id } = request.params;
      const rotated = await manage(deps, request, (m) => rotateSecret(m, endpoint_id, wanted), faultOf);
      const { publicKey, oldUntil } = rotated;
      return { secret: rotated.secret, public_key: publicKey, old_until: oldUntil.toString() };
    },
  });
  typed.route({
    method: "POST",
    url: "/endpoints/:endpoint_id/reveal",
    onRequest: deps.authenticate,
    schema: { ...revealDescription, params: endpointParams },
    handler: (request) =>
      manage(deps, request, (managing) => reveal(managing, request.params.endpoint_id), faultOf),
  });
}

async function reveal(managing: Managing, publicId: string) {
  const { trx, env } = managing;
  const revealed = await revealSecrets(managing, publicId);
  if (!revealed.ok) return revealed;
  const row = found(await findEndpoint(trx, env.id, publicId));
  return {
    ok: true as const,
    url: row.url,
    headers: openHeaders(env.dataKey, publicId, row.headers),
    secret_key: openSecretKey(env.dataKey, publicId, row.secret_key),
    secrets: revealed.secrets.map(({ kind, secret, publicKey, createdAt, expiresAt }) => ({
      kind,
      secret,
      public_key: publicKey,
      created_at: createdAt.toString(),
      expires_at: expiresAt?.toString() ?? null,
    })),
  };
}

const testDescription = describeRoute({
  id: "sendTestEvent",
  summary: "Send a test event",
  description:
    "At once, not queued, signed like any other; also to an endpoint that is paused or disabled. A success resumes a " +
    "paused endpoint. The attempt is in the history.",
  answer: z.object({
    delivered: z.boolean(),
    resumed: z.boolean(),
    event_id: z.string(),
    status: z.int().nullable(),
    error: z.string().nullable(),
    address: z.string().nullable(),
    total_us: z.int(),
    response_headers: z.record(z.string(), z.string()),
    response_body: z.string().meta({ description: "Its first 64 KiB; what is not UTF-8 is replaced." }),
  }),
  answerDescription: "What came back, also where it was a failure.",
  example: {
    delivered: true,
    resumed: false,
    event_id: "evt_7HdkF2qLw9sXzP0bNcRt1V",
    status: 204,
    error: null,
    address: "203.0.113.7",
    total_us: 65100,
    response_headers: { "content-length": "0" },
    response_body: "",
  },
});

function testRoute(app: FastifyInstance, deps: ConsoleDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/endpoints/:endpoint_id/test",
    onRequest: deps.authenticate,
    schema: { ...testDescription, params: endpointParams },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const outcome = await sendTest(deps, env, actor, request.params.endpoint_id);
      if (!outcome.ok) throw new ConsoleError("NOT_FOUND");
      if (outcome.lanes.length > 0) deps.wake();
      return viewTest(outcome);
    },
  });
}

function viewTest({ delivered, resumed, eventId, attempt }: TestOutcome & { ok: true }) {
  return {
    delivered,
    resumed,
    event_id: eventId,
    status: attempt.status,
    error: attempt.error,
    address: attempt.address,
    total_us: attempt.totalUs,
    response_headers: maskResponseHeaders(attempt.responseHeaders ?? {}),
    response_body: attempt.responseBody.toString(),
  };
}
