/**
 * Where banks send browsers back: `/callback/<provider>`, by a query (`response_type=code`), a form (`form_post`) or a
 * fragment. A form that another site posts comes without our cookie, and a fragment never reaches a server: for both a
 * page of ours posts what it holds again, from this origin.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Connect } from "../../connect/context.ts";
import type { Callback } from "../../connect/providers/provider.ts";
import { TRIP_TARGETS } from "../../connect/trip-targets.ts";
import { returnFromBank, targetFor, type Return } from "../../connect/trips.ts";
import { readBrowser } from "./browser-cookie.ts";
import { field, sendPage, Stop, unknownPage, type HostedDeps } from "./context.ts";
import { renderPage, RETURN_SCRIPT_PATH, text } from "./layout.ts";
import { goingPage, noticePage } from "./pages.ts";

/** Set by our own page: without the cookie even now, it is another browser. */
const AGAIN = "bankbell_again";
const WORKING_AGAIN_S = 2;

/** Fills the form from the fragment where it came by one, and sends it. */
export const RETURN_SCRIPT = `const form = document.querySelector("form[data-return]");
const sent = new URLSearchParams(location.hash.slice(1));
for (const [name, value] of sent) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}
if (form && (sent.has("state") || form.dataset.return === "post")) {
  history.replaceState(null, "", location.pathname);
  form.submit();
}
`;

export function callbackPages(app: FastifyInstance, { connect }: HostedDeps): void {
  const schema = { hide: true };
  app.get(RETURN_SCRIPT_PATH, { schema }, async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(RETURN_SCRIPT),
  );
  app.get("/callback/:provider", { schema }, (request, reply) => {
    const callback = callbackOf(request.query);
    if (callback["state"] === undefined) return sendPage(reply, returnPage(providerOf(request), {}));
    return receive(connect, request, reply, callback);
  });
  app.post("/callback/:provider", { schema }, (request, reply) => {
    const { [AGAIN]: again, ...callback } = callbackOf(request.body);
    const hasCookie = readBrowser(request, connect.publicUrl) !== null;
    if (!hasCookie && again === undefined) return sendPage(reply, returnPage(providerOf(request), callback));
    return receive(connect, request, reply, callback);
  });
}

const providerOf = ({ params }: FastifyRequest): string => field(params, "provider") ?? "";

/** Codes and ID tokens have a few thousand characters; what is sent twice is not one answer. */
const LONGEST = 16_384;

function callbackOf(from: unknown): Callback {
  if (typeof from !== "object" || from === null) return {};
  const pairs = Object.entries(from).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1].length <= LONGEST,
  );
  return Object.fromEntries(pairs);
}

function returnPage(provider: string, callback: Callback): string {
  const fields = Object.entries({ ...callback, [AGAIN]: "1" }).map(
    ([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`,
  );
  const kind = Object.keys(callback).length > 0 ? "post" : "fragment";
  const body = `<div class="consent-content narrow"><div class="block-content">
<div class="waiting" aria-hidden="true"></div><h1>Please wait</h1><p class="lead">We are taking in your bank's answer.</p>
<noscript><p class="lead">This browser runs no scripts: press Continue.</p></noscript></div>
<form class="actions" method="post" action="/callback/${encodeURIComponent(provider)}" data-return="${kind}">${fields.join("")}
<button type="submit">Continue</button></form></div>`;
  return renderPage({ title: "Please wait", body, look: null, returning: true });
}

async function receive(
  connect: Connect,
  request: FastifyRequest,
  reply: FastifyReply,
  callback: Callback,
): Promise<FastifyReply> {
  const browser = readBrowser(request, connect.publicUrl);
  const back = await returnFromBank(connect, TRIP_TARGETS, {
    provider: providerOf(request),
    callback,
    browser,
  });
  if (back.is === "decided") {
    const url = await targetFor(TRIP_TARGETS, back.trip.kind).landing(connect, back.env, back.trip);
    // A form's answer may not lead to another site by a redirect: form-action forbids it.
    if (request.method === "GET") return reply.redirect(url, 303);
    return sendPage(reply, goingPage(null, "You are on your way back.", url, "Continue"));
  }
  if (back.is === "working") return sendPage(reply, workingPage(request));
  throw await stopFor(connect, back);
}

function workingPage(request: FastifyRequest): string {
  const refresh = request.method === "GET" ? { url: request.url, seconds: WORKING_AGAIN_S } : null;
  return noticePage(null, {
    mark: "quiet",
    title: "We are still asking your bank",
    says: [refresh ? "This page looks again by itself." : "Load this page again in a moment."],
    ...(refresh ? { refresh } : {}),
  });
}

async function stopFor(
  connect: Connect,
  back: Exclude<Return, { is: "decided" | "working" }>,
): Promise<Stop> {
  if (back.is === "unknown") return unknownPage();
  if (back.is === "other_browser") {
    return new Stop(400, {
      mark: "warn",
      title: "Please go back to where you began",
      says: [
        "Your bank sent you to another browser than the one in which you began, so we cannot tell that it is you.",
        "Nothing was shared. Open the page in the first browser and try again there.",
      ],
    });
  }
  const href = await targetFor(TRIP_TARGETS, back.trip.kind).startPage(connect, back.env, back.trip);
  const bank = connect.providers.find(back.trip.provider)?.name ?? "Your bank";
  const actions = [{ label: "Try again", href, primary: true }];
  if (back.why === "expired" || back.why === "interrupted") {
    return new Stop(409, {
      mark: "warn",
      title: back.why === "expired" ? "That took too long" : "The visit was interrupted",
      says: ["Nothing was shared yet, and your request is still open.", `Go to ${bank} once more to finish.`],
      actions,
    });
  }
  return new Stop(503, {
    mark: "warn",
    title: `${bank} does not answer`,
    says: ["We could not take in its answer. Nothing was shared, and your request is still open."],
    actions,
  });
}
