/** Statements of five pages, each of another account, of several banks and layouts. */
import { generate } from "../test/statements/generate.ts";
import type { Spec } from "../test/statements/types.ts";

export interface ClientStatement {
  bytes: Buffer;
  /** What the server must make of it. */
  accountNumber: string;
  rows: number;
}

export const PAGES = 5;
/** Level 1 is met: the statement speaks of every month of the session's range. */
export const RANGE = { from_date: "01/01/2024", to_date: "30/06/2024" };

/** With the rows that make about five pages. */
const KINDS = [
  { brand: "hdfc", layout: "two-column", rows: 140 },
  { brand: "icici", layout: "serial", rows: 130 },
  { brand: "sbi", layout: "typewriter", rows: 150 },
  { brand: "axis", layout: "wrapped", rows: 150 },
  { brand: "kotak", layout: "drcr", rows: 190 },
] as const;
/** Far from the seeds of the catalogue, and apart from one another. */
const SEED = 600_000;

export async function statementOf(client: number): Promise<ClientStatement> {
  const kind = KINDS[client % KINDS.length] ?? KINDS[0];
  let rows: number = kind.rows;
  for (let attempt = 0; attempt < 8; attempt++) {
    const account = { from: "2024-01-01", to: "2024-06-30", rows, seed: SEED + client };
    const spec: Spec = {
      name: `client-${client}`,
      brand: kind.brand,
      layout: kind.layout,
      accounts: [account],
    };
    const { bytes, truth } = await generate(spec);
    const [statement] = truth.statements;
    if (truth.pages === PAGES && statement)
      return { bytes, accountNumber: statement.account_number ?? "", rows: statement.transactions.length };
    rows = Math.round(rows + ((PAGES - truth.pages) * rows) / (truth.pages + 1));
  }
  throw new Error(`no statement of ${PAGES} pages for client ${client}`);
}
