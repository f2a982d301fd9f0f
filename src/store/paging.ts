/**
 * Pages of lists that run newest first by columns that all descend, the last of them unique. A page begins at a
 * row's key (quick on page 25,000 as on page 1) or, for who jumps, at an offset.
 */
import { sql, type RawBuilder, type SqlBool } from "kysely";

export type KeyType = "bigint" | "timestamptz" | "xid8" | "date";

/** Columns from the most significant on, such as `[["t.at", "timestamptz"], ["t.id", "bigint"]]`. */
export type Order = readonly (readonly [column: string, type: KeyType])[];

export interface PageRequest {
  /** 1 to 100. */
  limit: number;
  /** Rows before this page; skipped by the database only where `position` is null. */
  offset: number;
  /** The row beside which the page lies. */
  position: { way: "after" | "before"; key: readonly string[] } | null;
}

export interface PageSql {
  where: RawBuilder<SqlBool>;
  /** `order by … limit … offset …`; one row more than the page has, which tells whether there are more. */
  tail: RawBuilder<unknown>;
}

/** For `query.where(page.where).modifyEnd(page.tail)`, or inside a template. */
export function pageSql({ limit, offset, position }: PageRequest, order: Order): PageSql {
  const columns = sql.join(order.map(([column]) => sql.ref(column)));
  const backwards = position?.way === "before";
  const sorted = sql.join(
    order.map(([column]) => (backwards ? sql`${sql.ref(column)} asc` : sql`${sql.ref(column)} desc`)),
  );
  const skipped = position === null ? offset : 0;
  return {
    where: position === null ? sql<SqlBool>`true` : beside(columns, position, order),
    tail: sql`order by ${sorted} limit ${limit + 1} offset ${skipped}`,
  };
}

function beside(
  columns: RawBuilder<unknown>,
  { way, key }: NonNullable<PageRequest["position"]>,
  order: Order,
): RawBuilder<SqlBool> {
  const values = sql.join(order.map(([, type], i) => sql`${key[i] ?? null}::${sql.raw(type)}`));
  return way === "after"
    ? sql<SqlBool>`(${columns}) < (${values})`
    : sql<SqlBool>`(${columns}) > (${values})`;
}

export interface PageRows<T> {
  /** In the list's order. */
  rows: T[];
  /** Whether there are rows beyond the page, in the way in which it was read. */
  more: boolean;
}

/** Of what the query answered. */
export function pageRows<T>(found: readonly T[], { limit, position }: PageRequest): PageRows<T> {
  const rows = found.slice(0, limit);
  return { rows: position?.way === "before" ? rows.toReversed() : rows, more: found.length > limit };
}
