/** The two pages before the bank, of consents and of consent links alike: which bank, then what it is asked for. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Connect } from "../../connect/context.ts";
import type { Fault, Outcome } from "../../connect/providers/provider.ts";
import type { Begun } from "../../connect/trips.ts";
import { providerHealth } from "../../store/provider-health.ts";
import { writeBrowser } from "./browser-cookie.ts";
import { field, sendPage, Stop } from "./context.ts";
import type { Look } from "./layout.ts";
import { bankPage, goingPage, pathWith, permissionPage, type Asked, type Bank } from "./pages.ts";

/** Those that give account data, or take payments, by name. */
export async function banksOf(connect: Connect, role: "ais" | "pis" = "ais"): Promise<Bank[]> {
  const health = await providerHealth(connect.db);
  return connect.providers
    .all()
    .filter((provider) => provider[role] !== null)
    .map(({ id, name }) => ({ id, name, isUp: health.get(id)?.status !== "down" }))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/** @param preselected the bank that is named already */
export async function askPage(
  connect: Connect,
  request: FastifyRequest,
  asked: Omit<Asked, "mayChange">,
  preselected: string | null,
): Promise<string> {
  const banks = await banksOf(connect);
  const { query } = request;
  const wanted = field(query, "provider") ?? preselected;
  const bank = banks.find(({ id }) => id === wanted);
  const page = { ...asked, mayChange: banks.length > 1 };
  if (bank && field(query, "choose") === null) return permissionPage(page, bank);
  return bankPage(page, banks, field(query, "q") ?? "");
}

/** On to the bank; or why it cannot be reached, and where to try again. */
export function sendOn(
  connect: Connect,
  reply: FastifyReply,
  { look, path, template, provider }: { look: Look; path: string; template: string | null; provider: string },
  outcome: Outcome<Begun>,
): FastifyReply {
  const bank = connect.providers.find(provider)?.name ?? "Your bank";
  if (!outcome.ok) throw bankStop(look, bank, pathWith(path, { provider, template }), outcome);
  writeBrowser(reply, connect.publicUrl, outcome.value.browser);
  return sendPage(
    reply,
    goingPage(look, `We are taking you to ${bank}.`, outcome.value.url.href, `Continue to ${bank}`),
  );
}

export function bankStop(
  look: Look | null,
  bank: string,
  again: string,
  { fault }: Pick<Fault, "fault">,
): Stop {
  const isBusy = fault === "unavailable" || fault === "rate_limited";
  return new Stop(
    503,
    {
      mark: "warn",
      title: `${bank} does not answer`,
      says: [
        isBusy
          ? "This is often over in a few minutes. Nothing was shared; your request stays open."
          : "It did not take the request. Nothing was shared; you can try again later.",
      ],
      actions: [{ label: "Try again", href: again, primary: true }],
    },
    look,
  );
}
