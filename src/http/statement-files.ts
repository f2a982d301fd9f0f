/** Uploaded files that a signed link opens for an hour; whatever is wrong with one answers as a path that is not there. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readFile } from "../intake/stored-files.ts";
import type { SealKey } from "../platform/crypto.ts";
import { isUuidV4 } from "../platform/ids.ts";
import type { LinkSigner } from "../platform/signed-links.ts";
import { recordAudit } from "../store/audit.ts";
import { findEnvironmentId, loadEnvironment } from "../store/environments.ts";
import { findSession } from "../store/sessions.ts";
import { OpenBankingError } from "./openbanking/errors.ts";
import type { FilesDeps } from "./files.ts";
import { limitDownloads, linkQuery, openLink } from "./files.ts";

const PATH = "/files/statements";
const VALID = { hours: 1 };

export interface StatementLinks {
  urlOf(env: string, session: StatementHome, statementId: string, now: Temporal.Instant): string;
}

/** Where a statement lies: in a session or in an entity. */
export interface StatementHome {
  kind: "session" | "entity";
  id: string;
}

const pathOf = (env: string, { kind, id }: StatementHome, statementId: string): string =>
  `${PATH}/${env}/${kind}/${id}/${statementId}`;

/** @param publicUrl without a slash at its end */
export const createStatementLinks = (links: LinkSigner, publicUrl: string): StatementLinks => ({
  urlOf: (env, home, statementId, now) =>
    publicUrl + links.sign({ env, path: pathOf(env, home, statementId) }, now.add(VALID)),
});

const params = z.object({
  env: z.string(),
  kind: z.enum(["session", "entity"]),
  id: z.string(),
  statement_id: z.string(),
});

export function statementFileRoutes(app: FastifyInstance, deps: FilesDeps & { master: SealKey }): void {
  const checkLimit = limitDownloads(app);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: `${PATH}/:env/:kind/:id/:statement_id`,
    schema: { params: z.unknown(), querystring: linkQuery, hide: true },
    onRequest: openLink(deps),
    handler: async (request, reply) => {
      const asked = params.safeParse(request.params);
      if (!asked.success) throw new OpenBankingError("resource_missing");
      const { env, kind, id, statement_id: statementId } = asked.data;
      const path = pathOf(env, { kind, id }, statementId);
      const isOpen = deps.links.verify({ env, path }, request.query, deps.clock());
      if (!isOpen || !isUuidV4(id) || !isUuidV4(statementId)) throw new OpenBankingError("resource_missing");
      await checkLimit(request);
      const file = await download(deps, asked.data);
      // What a customer uploaded is never shown in our name: saved, whatever it is.
      return reply
        .type(isPdf(file.bytes) ? "application/pdf" : "application/octet-stream")
        .header(
          "content-disposition",
          `attachment; filename="${statementId}${isPdf(file.bytes) ? ".pdf" : ""}"`,
        )
        .send(file.bytes);
    },
  });
}

/** Within its first kilobyte, as readers of PDF allow. */
const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 1024).includes("%PDF-");

async function download(
  { db, clock, intake, master }: FilesDeps & { master: SealKey },
  { env, kind, id, statement_id: statementId }: z.output<typeof params>,
): Promise<{ bytes: Buffer }> {
  const envId = await findEnvironmentId(db, env);
  const environment = envId === null ? null : await loadEnvironment(db, master, envId);
  const session = environment && (await findSession(db, environment.id, id, kind));
  const file =
    environment && session && session.state !== "deleted"
      ? await readFile(intake, environment, session, statementId)
      : null;
  if (!environment || !file) throw new OpenBankingError("resource_missing");
  await recordAudit(db, {
    envId: environment.id,
    at: clock(),
    actor: "signed_link",
    action: "statement.download",
    target: `${kind}:${id}`,
    detail: { statement: statementId, bytes: file.bytes.length },
  });
  return file;
}
