/** A template's own style sheet and logo, below the page that they dress: the page's policy allows only this origin. */
import type { FastifyReply } from "fastify";
import type { Connect } from "../../connect/context.ts";
import type { Environment } from "../../store/environments.ts";
import { findFile } from "../../store/templates.ts";
import { templateOf, unknownPage } from "./context.ts";

export async function sendTheme(
  connect: Connect,
  env: Environment,
  named: string | null,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const template = await templateOf(connect, env, named);
  return reply.type("text/css; charset=utf-8").send(template?.css ?? "");
}

export async function sendLogo(
  connect: Connect,
  env: Environment,
  named: string | null,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const template = await templateOf(connect, env, named);
  const file = template?.file_id ? await findFile(connect.db, env.id, template.file_id) : null;
  if (!file) throw unknownPage();
  // Even where an image is opened by itself it is nothing but an image.
  return reply
    .header("content-security-policy", "default-src 'none'; sandbox")
    .type(file.content_type)
    .send(file.bytes);
}
