/** OpenAPI document → one page of HTML. Pure. Every text is escaped on its way in. */
import { z } from "zod";

const schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  maxLength: z.number().optional(),
});

const content = z.record(
  z.string(),
  z.looseObject({
    schema: schema.optional(),
    example: z.unknown().optional(),
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
  }),
);

const operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schema.optional(),
      }),
    )
    .optional(),
  requestBody: z.looseObject({ content: content.optional() }).optional(),
  responses: z
    .record(z.string(), z.looseObject({ description: z.string().optional(), content: content.optional() }))
    .optional(),
});

const document = z.looseObject({
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().optional() }),
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  tags: z.array(z.looseObject({ name: z.string(), description: z.string().optional() })).optional(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  webhooks: z.record(z.string(), z.looseObject({ post: operation })).optional(),
});

type Operation = z.output<typeof operation>;
type Schema = z.output<typeof schema>;
type Content = z.output<typeof content>;

interface Entry {
  id: string;
  /** GET, POST, or EVENT for what we send. */
  method: string;
  path: string;
  operation: Operation;
}

/** @param openapi what `/openapi.json` serves */
export function renderDocs(openapi: unknown): string {
  const { info, servers = [], tags = [], paths, webhooks = {} } = document.parse(openapi);
  const server = servers[0]?.url ?? "";
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => entryOf(method.toUpperCase(), path, operation)),
  );
  const events = Object.entries(webhooks).map(([type, { post }]) => entryOf("EVENT", type, post));
  const sections = tags.map(({ name, description = "" }) => ({
    title: name,
    description,
    entries: calls.filter(({ operation }) => operation.tags?.includes(name)),
  }));
  sections.push({
    title: "Webhooks",
    description: "What is sent to your endpoint. Any 2xx is success; everything else is tried again.",
    entries: events,
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${text(info.title)} API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/style.css"></head><body>
<nav><a class="brand" href="#top">${text(info.title)} <small>${text(info.version)}</small></a>
${sections.map(({ title, entries }) => `<h2>${text(title)}</h2><ul>${entries.map(navItem).join("")}</ul>`).join("\n")}
<p><a href="/openapi.json">openapi.json</a></p></nav>
<main id="top"><header><h1>${text(info.title)} API</h1>${paragraphs(info.description)}
<p>Base address <code>${text(server)}</code></p></header>
${sections.map(({ title, description, entries }) => `<section><h2>${text(title)}</h2>${paragraphs(description)}${entries.map((entry) => article(entry, server)).join("\n")}</section>`).join("\n")}
</main></body></html>
`;
}

function entryOf(method: string, path: string, operation: Operation): Entry {
  return { id: operation.operationId ?? `${method} ${path}`.replace(/\W+/g, "-"), method, path, operation };
}

const navItem = ({ id, method, operation, path }: Entry) =>
  `<li><a href="#${text(id)}"><b class="m ${method.toLowerCase()}">${method}</b> ${text(operation.summary ?? path)}</a></li>`;

function article(entry: Entry, server: string): string {
  const { id, method, path, operation } = entry;
  const request =
    method === "EVENT" ? requestPart(operation, "Body") : requestPart(operation, "Request body");
  return `<article id="${text(id)}"><h3>${text(operation.summary ?? path)}</h3>
<p class="path"><b class="m ${method.toLowerCase()}">${method}</b> <code>${text(path)}</code></p>
${paragraphs(operation.description)}${authentication(operation)}${parameters(operation)}${request}
${method === "EVENT" ? "" : sample(entry, server)}${responses(operation)}</article>`;
}

const HEADERS: Readonly<Record<string, string>> = {
  clientKey: "x-api-key",
  serverHash: "server-hash",
  bearerKey: "authorization",
  basicKey: "authorization",
};

function authentication({ security }: Operation): string {
  if (!security || security.length === 0) return "";
  const ways = security.map((way) =>
    Object.keys(way).map((name) => `<code>${text(HEADERS[name] ?? name)}</code>`),
  );
  const said = ways.map((way) => (way.length === 0 ? "<code>api_key</code> in the body" : way.join(" and ")));
  return `<p class="auth">Needs ${said.join(", or ")}.</p>`;
}

function parameters({ parameters = [] }: Operation): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    ({ name, in: place, required = false, schema, description }) =>
      `<tr><td><code>${text(name)}</code>${required ? '<i class="req">required</i>' : ""}</td><td>${text(place)}</td>` +
      `<td>${markdown(description ?? schema?.description ?? "")}</td></tr>`,
  );
  return `<h4>Parameters</h4><table><tbody>${rows.join("")}</tbody></table>`;
}

function requestPart({ requestBody }: Operation, title: string): string {
  const bodies = Object.entries(requestBody?.content ?? {});
  const [, first] = bodies[0] ?? [];
  if (!first) return "";
  const types = bodies.map(([type]) => `<code>${text(type)}</code>`).join(", ");
  const example = first.example === undefined ? "" : code(JSON.stringify(first.example, null, 2));
  return `<h4>${title} <small>${types}</small></h4>${fieldTable(first.schema)}${example}`;
}

function fieldTable(body: Schema | undefined): string {
  const rows = Object.entries(body?.properties ?? {}).map(([name, property]) => {
    const field = schema.parse(property);
    const required = body?.required?.includes(name) ? '<i class="req">required</i>' : "";
    return `<tr><td><code>${text(name)}</code>${required}</td><td>${typeOf(field)}</td><td>${markdown(field.description ?? "")}</td></tr>`;
  });
  return rows.length === 0 ? "" : `<table><tbody>${rows.join("")}</tbody></table>`;
}

function typeOf(field: Schema): string {
  if (field.enum) return field.enum.map((value) => `<code>${text(JSON.stringify(value))}</code>`).join(" ");
  if (field.const !== undefined) return `<code>${text(JSON.stringify(field.const))}</code>`;
  const types = [field.type ?? "any"].flat();
  const limit = field.maxLength === undefined ? "" : ` ≤ ${field.maxLength}`;
  return text(types.join(" or ") + limit);
}

function sample({ method, path, operation }: Entry, server: string): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${server}${path.replaceAll(/\{(\w+)\}/g, "$$$1")}`,
  ];
  for (const name of Object.keys(operation.security?.[0] ?? {})) {
    if (name === "basicKey") lines.push("  -u $API_KEY:");
    else lines.push(`  -H "${HEADERS[name] ?? name}: ${name === "bearerKey" ? "Bearer …" : "…"}"`);
  }
  const types = Object.keys(operation.requestBody?.content ?? {});
  if (types.includes("multipart/form-data") && !types.includes("application/json"))
    lines.push("  -F session_id=…", "  -F upload_type=PDF", "  -F file=@statement.pdf");
  else if (types.includes("application/x-www-form-urlencoded")) lines.push(...formSample(operation));
  else if (types.length > 0)
    lines.push('  -H "content-type: application/json"', `  -d '${bodySample(operation)}'`);
  return code(lines.join(" \\\n"));
}

/** The required fields, with their examples. */
const bodySample = (operation: Operation): string =>
  JSON.stringify(Object.fromEntries(requiredFields(operation)));

const formSample = (operation: Operation): string[] =>
  requiredFields(operation).map(([name, value]) => `  -d '${name}=${String(value)}'`);

function requiredFields({ requestBody }: Operation): [string, unknown][] {
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return (body?.required ?? []).map((name) => {
    const examples = schema.parse(body?.properties?.[name] ?? {})["examples"];
    return [name, Array.isArray(examples) ? examples[0] : "…"];
  });
}

function responses({ responses = {} }: Operation): string {
  return Object.entries(responses)
    .map(([status, { description = "", content: bodies }]) => {
      const values = Object.values(bodies ?? {}).flatMap(examplesOf);
      const open = status.startsWith("2") ? " open" : "";
      const said = `<summary><b class="s s${text(status.slice(0, 1))}">${text(status)}</b> ${markdown(description)}</summary>`;
      return `<details${open}>${said}${values.length === 0 ? "" : code(written(status, values))}</details>`;
    })
    .join("\n");
}

/** An error is read at a glance: one line each. */
function written(status: string, values: readonly unknown[]): string {
  const indent = status.startsWith("2") ? 2 : 0;
  return values.map((value) => JSON.stringify(value, null, indent)).join("\n");
}

function examplesOf(media: Content[string]): unknown[] {
  const several = Object.values(media.examples ?? {}).map(({ value }) => value);
  return media.example === undefined ? several : [media.example];
}

const code = (source: string) => `<pre><code>${text(source)}</code></pre>`;

const paragraphs = (source = "") =>
  source
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((part) => `<p>${markdown(part)}</p>`)
    .join("");

/** Back-ticks only: that is all that our descriptions use. */
const markdown = (source: string) => text(source).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function text(source: string): string {
  return source.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
