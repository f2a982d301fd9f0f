/**
 * Lists: `{data, count, paging: {total, next, prev}}` (reference §1.1). `next` and `prev` are paths that keep the filters;
 * beside the offset they carry `cursor`, the key of the row where the page begins, so that following them is as quick
 * at the end as at the beginning and skips nothing that was there.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { KeyType, Order, PageRequest, PageRows } from "../../store/paging.ts";
import { OpenBankingError } from "./errors.ts";
import { optionalText, readDate, readInstant, whole } from "./fields.ts";

export const DEFAULT_LIMIT = 20;
export const MOST_LIMIT = 100;

/** Parameters of every list; 101 is answered as 100. */
export const listQuery = {
  limit: whole(1, 1_000_000, {
    description: "Rows at most: 20 where it is absent, never more than 100.",
  }).optional(),
  offset: whole(0, 1_000_000_000, { description: "Rows before the page." }).optional(),
  cursor: optionalText(400, { description: "Of `paging.next` and `paging.prev`: follow those as they are." }),
};

type ListQuery = z.output<z.ZodObject<typeof listQuery>>;

export const listAnswer = <T extends z.ZodType>(row: T) =>
  z.object({
    data: z.array(row),
    count: z.int().meta({ description: "Rows on this page." }),
    paging: z.object({
      total: z.int().meta({ description: "Rows of all pages." }),
      next: z.string().nullable().meta({ description: "Path of the next page; null on the last." }),
      prev: z.string().nullable().meta({ description: "Path of the page before; null on the first." }),
    }),
  });

/** An answer for documentation. */
export const listExample = (row: unknown, path: string) => ({
  data: [row],
  count: 1,
  paging: { total: 41, next: `${path}?limit=1&offset=1&cursor=eyJhIjpbIjQyIl19`, prev: null },
});

export interface List {
  /** Of the row, such as `customers`: a cursor of one list is none of another. */
  name: string;
  order: Order;
}

/** Throws invalid_parameter for a cursor that this list has not given. */
export function readPage({ limit, offset, cursor }: ListQuery, list: List): PageRequest {
  return {
    limit: Math.min(limit ?? DEFAULT_LIMIT, MOST_LIMIT),
    offset: offset ?? 0,
    position: cursor === undefined ? null : readCursor(cursor, list),
  };
}

export interface ListBody<T> {
  data: T[];
  count: number;
  paging: { total: number; next: string | null; prev: string | null };
}

/**
 * @param keyOf the row's values of the list's order
 * @param view how it goes out
 */
export function listBody<Row, View>(
  request: FastifyRequest,
  page: PageRequest,
  { rows, more }: PageRows<Row>,
  {
    list,
    total,
    keyOf,
    view,
  }: {
    list: List;
    total: number | bigint;
    keyOf: (row: Row) => readonly (bigint | Temporal.Instant | Temporal.PlainDate | string)[];
    view: (row: Row) => View;
  },
): ListBody<View> {
  const backwards = page.position?.way === "before";
  const [first] = rows;
  const last = rows.at(-1);
  const link = (way: "after" | "before", row: Row, offset: number) =>
    pathOf(request, {
      limit: page.limit,
      offset,
      cursor: writeCursor(list, way, keyOf(row).map(String)),
    });
  const before = Math.max(0, page.offset - page.limit);
  const hasNext = backwards || more;
  const hasPrev = backwards ? more || page.offset > 0 : page.offset > 0 || page.position !== null;
  return {
    data: rows.map(view),
    count: rows.length,
    paging: {
      total: Number(total),
      next: hasNext && last !== undefined ? link("after", last, page.offset + rows.length) : null,
      prev: !hasPrev
        ? null
        : first === undefined
          ? pathOf(request, { limit: page.limit, offset: before })
          : link("before", first, before),
    },
  };
}

/** The request's path with its filters, in the caller's own words and order, and these in place of its paging. */
export function pathOf(request: FastifyRequest, paging: Readonly<Record<string, string | number>>): string {
  const mark = request.url.indexOf("?");
  const path = mark < 0 ? request.url : request.url.slice(0, mark);
  const kept = (mark < 0 ? "" : request.url.slice(mark + 1))
    .split("&")
    .filter((pair) => pair !== "" && !/^(limit|offset|cursor|after)(=|$)/.test(pair));
  return `${path}?${[...kept, ...Object.entries(paging).map(([name, value]) => `${name}=${value}`)].join("&")}`;
}

function writeCursor({ name }: List, way: "after" | "before", key: readonly string[]): string {
  return Buffer.from(JSON.stringify([name, way, ...key])).toString("base64url");
}

const parts = z.tuple([z.string(), z.enum(["after", "before"])], z.string().max(64));

function readCursor(text: string, { name, order }: List): NonNullable<PageRequest["position"]> {
  const json = jsonOf(Buffer.from(text, "base64url").toString());
  const { success, data } = parts.safeParse(json);
  const [list, way, ...key] = success ? data : [];
  const fits = key.length === order.length && order.every(([, type], i) => KEYS[type](key[i] ?? ""));
  if (list !== name || way === undefined || !fits) {
    throw new OpenBankingError("invalid_parameter", {
      param: "cursor",
      message: "`cursor` is not one that this list has given.",
    });
  }
  return { way, key };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever it is, it is none of ours: the caller says so.
    return null;
  }
}

const isWhole = (text: string) => /^\d{1,18}$/.test(text);

const KEYS: Readonly<Record<KeyType, (text: string) => boolean>> = {
  bigint: isWhole,
  xid8: isWhole,
  date: (text) => readDate(text) !== null,
  timestamptz: (text) => readInstant(text) !== null,
};
