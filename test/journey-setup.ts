/** A served journey over the real extractor, and statements of one invented account, month by month. */
import { createExtractor } from "../src/statement/pdf/pool.ts";
import { changeJourney } from "../src/store/journey.ts";
import { buildPages } from "./browser.ts";
import { field, openHttp, type Http } from "./http-setup.ts";
import { generate } from "./statements/generate.ts";

export interface Journeys {
  http: Http;
  /** Answers the link of a session that asks for January to March 2024. */
  newLink: (fields?: Record<string, unknown>, version?: 1 | 2) => Promise<string>;
  close: () => Promise<void>;
}

export const idIn = (link: string): string => new URL(link).searchParams.get("session_id") ?? "";

export async function openJourneys(more: Parameters<typeof openHttp>[0] = {}): Promise<Journeys> {
  buildPages("connect", "embed");
  const http = await openHttp(more);
  const extractor = createExtractor({
    onFault: (error) => {
      throw error;
    },
  });
  http.intake.extractor = extractor;
  http.intake.limits.timeoutMs = 60_000;
  http.intake.connectUrl = `${http.url}/connect/`;
  return {
    http,
    newLink: async (fields = {}, version = 1) => {
      const { body, text } = await http.call(`/bank-connect/v${version}/session/`, {
        json: { link_id: "customer-0042", from_date: "01/01/2024", to_date: "31/03/2024", ...fields },
      });
      if (!text.includes("redirect_url")) throw new Error(`no session: ${text}`);
      return field(body, "redirect_url");
    },
    close: async () => {
      await http.close();
      await extractor.close();
    },
  };
}

/** Sets who may frame the journey of the test's environment, and how it looks. */
export async function dress(http: Http, change: Parameters<typeof changeJourney>[2]): Promise<void> {
  const by = { actor: "test", at: http.intake.clock() };
  await changeJourney(http.intake.db, { id: http.envId, publicId: "env_test" }, change, by);
}

export interface UploadFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const PASSWORD = "AARA1990";

const SLICES = {
  january: { from: "2024-01-01", to: "2024-01-31" },
  february: { from: "2024-02-01", to: "2024-02-29" },
  march: { from: "2024-03-01", to: "2024-03-31" },
  quarter: { from: "2024-01-01", to: "2024-03-31" },
} as const;

const made = new Map<string, Promise<UploadFile>>();

/** A PDF of Kotak; all of them are of one account. Drawn once. */
export function statementOf(month: keyof typeof SLICES, password?: string): Promise<UploadFile> {
  const key = `${month} ${password ?? ""}`;
  const known = made.get(key) ?? draw(month, password);
  made.set(key, known);
  return known;
}

async function draw(month: keyof typeof SLICES, password: string | undefined): Promise<UploadFile> {
  const { bytes } = await generate({
    name: `journey-${month}`,
    brand: "kotak",
    layout: "drcr",
    ...(password === undefined ? {} : { password }),
    accounts: [{ from: "2024-01-01", to: "2024-03-31", rows: 66, seed: 67, slice: SLICES[month] }],
  });
  return { name: `${month}.pdf`, mimeType: "application/pdf", buffer: Buffer.from(bytes) };
}
