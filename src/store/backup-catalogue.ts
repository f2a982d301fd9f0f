/** What a backup needs to know of a database: its tables in an order that foreign keys allow, and their shape. */
import type { ClientBase } from "pg";

/** Ours, and graphile-worker's. */
const SCHEMAS = ["public", "graphile_worker"];

/** Which migrations ran is the program's to say, not the backup's. */
const NOT_DATA = new Set(["public.schema_migrations", "graphile_worker.migrations"]);

export interface Table {
  schema: string;
  name: string;
  /** Without generated ones, and without xid8 ones: see `columnsOf`. */
  columns: string[];
}

/** One partition as `create table … partition of` needs it. */
export interface Partition {
  schema: string;
  name: string;
  parent: string;
  /** `FOR VALUES FROM (…) TO (…)`, or `DEFAULT`. */
  bound: string;
  /** `RANGE (created_at)` where it is partitioned itself, else null. */
  key: string | null;
}

export interface Sequence {
  schema: string;
  name: string;
  lastValue: string;
  isCalled: boolean;
}

export function qualified(client: ClientBase, it: { schema: string; name: string }): string {
  return `${client.escapeIdentifier(it.schema)}.${client.escapeIdentifier(it.name)}`;
}

export function columnList(client: ClientBase, table: Table): string {
  return table.columns.map((name) => client.escapeIdentifier(name)).join(", ");
}

/** Every table that holds data, each after those that it refers to; a partitioned table once, not its parts. */
export async function tablesOf(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ oid: string; schema: string; name: string; columns: string[] }>(
    `select c.oid::text as oid, n.nspname as schema, c.relname as name, ${columnsOf("c")} as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
      order by n.nspname desc, c.relname`,
    [SCHEMAS],
  );
  const references = await client.query<{ from: string; to: string }>(
    `select conrelid::text as "from", confrelid::text as "to"
       from pg_constraint where contype = 'f' and conrelid <> confrelid and conparentid = 0`,
  );
  const tables = rows.filter(({ schema, name }) => !NOT_DATA.has(`${schema}.${name}`));
  return inOrder(tables, references.rows).map(({ schema, name, columns }) => ({ schema, name, columns }));
}

/**
 * The columns that are written. A generated one computes itself. A transaction's id (xid8) means nothing on another
 * server, whose own count starts anew: left out, it becomes the restoring transaction's by default, which precedes
 * everything recorded later, and rows keep their order by id.
 */
function columnsOf(alias: string): string {
  return `(select array_agg(a.attname::text order by a.attnum) from pg_attribute a
            where a.attrelid = ${alias}.oid and a.attnum > 0 and not a.attisdropped
              and a.attgenerated = '' and not (a.atttypid = 'xid8'::regtype and a.atthasdef))`;
}

/** Parents before children, in the order of their depth. */
export async function partitionsOf(client: ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(
    `with recursive tree as (
       select c.oid, c.relname::text as name, n.nspname::text as schema, null::text collate "C" as parent, 0 as depth
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relkind = 'p' and not c.relispartition
       union all
       select c.oid, c.relname::text, tree.schema, tree.name, tree.depth + 1
         from tree join pg_inherits i on i.inhparent = tree.oid join pg_class c on c.oid = i.inhrelid
     )
     select schema, tree.name, parent, pg_get_expr(c.relpartbound, c.oid) as bound,
            pg_get_partkeydef(c.oid) as key
       from tree join pg_class c on c.oid = tree.oid
      where depth > 0 order by depth, tree.name`,
    [SCHEMAS],
  );
  return rows;
}

/** Sequences that have been used. They are read last: a value too high does no harm, one too low does. */
export async function sequencesOf(client: ClientBase): Promise<Sequence[]> {
  const { rows } = await client.query<Sequence>(
    `select schemaname as schema, sequencename as name, last_value::text as "lastValue", true as "isCalled"
       from pg_sequences where schemaname = any($1) and last_value is not null order by 1, 2`,
    [SCHEMAS],
  );
  return rows;
}

/** Kahn's order; among those that may come next, the given one. Throws where tables refer to each other in a ring. */
function inOrder<T extends { oid: string; name: string }>(
  tables: T[],
  references: { from: string; to: string }[],
): T[] {
  const known = new Set(tables.map(({ oid }) => oid));
  const waitsFor = new Map(tables.map(({ oid }) => [oid, new Set<string>()]));
  for (const { from, to } of references) {
    if (known.has(to)) waitsFor.get(from)?.add(to);
  }
  const ordered: T[] = [];
  while (ordered.length < tables.length) {
    const next = tables.find(({ oid }) => waitsFor.get(oid)?.size === 0);
    if (next === undefined) {
      const ring = tables.filter(({ oid }) => waitsFor.has(oid)).map(({ name }) => name);
      throw new Error(`foreign keys form a ring among ${ring.join(", ")}`);
    }
    ordered.push(next);
    waitsFor.delete(next.oid);
    for (const rest of waitsFor.values()) rest.delete(next.oid);
  }
  return ordered;
}
