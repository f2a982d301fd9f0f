/** What each call of the journey's page does. Whose session it is, `guest.ts` has found out before. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { bankCatalogue, findReachable } from "../../intake/banks.ts";
import type { Intake } from "../../intake/context.ts";
import {
  finishJourney,
  journeyActor,
  readJourney,
  takeBackFile,
  type Journey,
} from "../../intake/journey.ts";
import { uploadInJourney } from "../../intake/uploads.ts";
import { journeyDress } from "../../store/journey.ts";
import { Refusal } from "../bankconnect/errors.ts";
import { readUploadForm } from "../bankconnect/upload-form.ts";
import { readBrowser, writeBrowser } from "../hosted/browser-cookie.ts";
import type { BankConnections } from "./bank-connections.ts";
import { guestOf, type GuestDeps } from "./guest.ts";
import { journeyBody } from "./views.ts";
import type { BankConnectionBody, BankItem, JourneyBody } from "./wire.ts";

export interface JourneyDeps extends GuestDeps {
  intake: Intake;
  maxUploadBytes: number;
  /** Without a slash at its end. */
  publicUrl: string;
  bankConnections: BankConnections;
}

export async function readSession(deps: JourneyDeps, request: FastifyRequest): Promise<JourneyBody> {
  const { env, session } = guestOf(request);
  return bodyOf(deps, request, await readJourney(deps.intake, env, session.public_id));
}

export async function banks(deps: JourneyDeps, request: FastifyRequest): Promise<{ banks: BankItem[] }> {
  const catalogue = bankCatalogue(reachable(deps, request));
  return {
    banks: catalogue.map(({ id, name, netBanking }) => ({
      id: id.toLowerCase(),
      name,
      net_banking: netBanking,
    })),
  };
}

export async function upload(deps: JourneyDeps, request: FastifyRequest): Promise<JourneyBody> {
  const { intake, maxUploadBytes } = deps;
  const { env, session } = guestOf(request);
  const sessionId = session.public_id;
  const { fields, file } = await readUploadForm(request, maxUploadBytes);
  if (!file) throw new Refusal("MISSING_FILE_OBJECT");
  if (file.bytes.length === 0) throw new Refusal("EMPTY_FILE");
  await uploadInJourney(intake, env, journeyActor(sessionId), {
    sessionId,
    bytes: file.bytes,
    fileName: file.name,
    bankName: fields["bank_name"] || null,
    password: fields["pdf_password"] || null,
  });
  return bodyOf(deps, request, await readJourney(intake, env, sessionId));
}

const statementPath = z.object({ id: z.string() });

export async function takeBack(deps: JourneyDeps, request: FastifyRequest): Promise<JourneyBody> {
  const { env, session } = guestOf(request);
  const { id } = statementPath.parse(request.params);
  return bodyOf(deps, request, await takeBackFile(deps.intake, env, session.public_id, id));
}

export async function finish(deps: JourneyDeps, request: FastifyRequest): Promise<JourneyBody> {
  const { env, session } = guestOf(request);
  return bodyOf(deps, request, await finishJourney(deps.intake, env, session.public_id));
}

const bankWanted = z.object({ bank_name: z.string().max(50) });

export async function connectBank(
  deps: JourneyDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<BankConnectionBody> {
  const { env, session } = guestOf(request);
  const journey = await readJourney(deps.intake, env, session.public_id);
  if (journey.state !== "open") throw new Refusal("SESSION_EXPIRED");
  if (!journey.ways.includes("online")) throw new Refusal("MODE_NOT_ENABLED");
  const wanted = bankWanted.safeParse(request.body);
  const bank = wanted.success ? findReachable(reachable(deps, request), wanted.data.bank_name) : null;
  if (bank === null) throw new Refusal("MODE_NOT_AVAILABLE");
  const browser = readBrowser(request, deps.publicUrl);
  const begun = await deps.bankConnections.begin(env, session, { bank, browser });
  if (begun === null) throw new Refusal("SERVICE_UNAVAILABLE", { retryAfter: 1 });
  writeBrowser(reply, deps.publicUrl, begun.browser);
  return { url: begun.url };
}

const reachable = ({ intake }: JourneyDeps, request: FastifyRequest) =>
  intake.reach.banks(guestOf(request).env.mode);

async function bodyOf(deps: JourneyDeps, request: FastifyRequest, journey: Journey): Promise<JourneyBody> {
  const { maxUploadBytes, db, intake } = deps;
  const dress = await journeyDress(db, guestOf(request).env.id);
  // The link lives as long as the session: whoever finds it later reads no statements.
  const isOver = Temporal.Instant.compare(intake.clock(), journey.session.expires_at) >= 0;
  const shown = isOver ? { ...journey, accounts: [], connections: [] } : journey;
  // The account aggregator is no way here.
  const ways = journey.ways.filter((way) => way !== "aa");
  return journeyBody(shown, dress, { maxUploadBytes, ways });
}
