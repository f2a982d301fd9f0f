/** Every page and state of the journey, made by what a customer does: looked at by tests, and by people (`npm run screenshots`). */
import type { FrameLocator, Page } from "playwright-core";
import { V1 } from "./http-setup.ts";
import {
  dress,
  idIn,
  openJourneys,
  PASSWORD,
  statementOf,
  type Journeys,
  type UploadFile,
} from "./journey-setup.ts";

export interface Scene {
  name: string;
  /** Where the page opens. */
  link: (journeys: Journeys) => Promise<string>;
  /** Leaves the page as it is to be seen. */
  play?: (page: Page, journeys: Journeys) => Promise<void>;
  /** What is visible when it is there. */
  shows: string;
}

/** A journey that offers net banking at HDFC, over a bank that is never reached. */
export async function openStage(): Promise<Journeys> {
  const journeys = await openJourneys({ bankConnections: { begin: async () => null } });
  const { intake } = journeys.http;
  intake.reach = { ...intake.reach, banks: () => [{ bank: "hdfc", name: "HDFC Bank", provider: "stage" }] };
  await dress(journeys.http, { name: "Northwind Loans", support_url: "mailto:help@northwind.example" });
  return journeys;
}

export const give = async (page: Page | FrameLocator, ...files: UploadFile[]): Promise<void> =>
  page.locator("input[type=file]").setInputFiles(files);

const ofKotak = (journeys: Journeys) => journeys.newLink({ bank_name: "kotak" });
const notAStatement = (name: string): UploadFile => ({
  name,
  mimeType: "application/pdf",
  buffer: Buffer.from("no statement at all"),
});

async function giveAll(page: Page): Promise<void> {
  await give(page, await statementOf("quarter"));
  await page.getByText("Everything that is asked for is there.").waitFor();
}

async function toReview(page: Page): Promise<void> {
  await page.locator(".actions .primary:not([aria-disabled=true])").click();
}

export const SCENES: readonly Scene[] = [
  {
    name: "bank",
    link: ({ newLink }) => newLink(),
    shows: "HDFC Bank",
  },
  {
    name: "bank-search",
    link: ({ newLink }) => newLink(),
    play: (page) => page.getByRole("searchbox").fill("bank of"),
    shows: "Bank of India",
  },
  {
    name: "way",
    link: ({ newLink }) => newLink(),
    play: (page) => page.getByRole("button", { name: "HDFC Bank" }).click(),
    shows: "Connect by net banking",
  },
  {
    name: "net-banking-failed",
    link: ({ newLink }) => newLink(),
    play: async (page) => {
      await page.getByRole("button", { name: "HDFC Bank" }).click();
      await page.getByRole("button", { name: /^Connect by net banking/ }).click();
      await page.getByRole("button", { name: "Go to HDFC Bank" }).click();
    },
    shows: "The connection did not come about",
  },
  {
    name: "net-banking-fetching",
    link: async ({ http, newLink }) => {
      const link = await newLink();
      await http.database.pool.query(
        `insert into net_banking_visits
           (env_id, public_id, session_id, bank_name, provider, status, bank_consent_id, created_at, updated_at)
         select env_id, public_id, id, 'hdfc', 'stage', 'fetching', public_id::text, created_at, created_at
         from sessions where public_id = $1`,
        [idIn(link)],
      );
      return link;
    },
    shows: "Getting your transactions from HDFC Bank",
  },
  { name: "upload", link: ofKotak, shows: "Choose files" },
  {
    name: "upload-under-way",
    link: ofKotak,
    play: async (page) => {
      await give(
        page,
        await statementOf("january", PASSWORD),
        notAStatement("holiday.pdf"),
        await statementOf("march"),
      );
      await page.getByText("January 2024 and February 2024 are missing.").waitFor();
    },
    shows: "Password of january.pdf",
  },
  { name: "upload-complete", link: ofKotak, play: giveAll, shows: "Everything that is asked for is there." },
  {
    name: "review-missing",
    link: ofKotak,
    play: async (page) => {
      await give(page, await statementOf("january"));
      await toReview(page);
    },
    shows: "You can share now",
  },
  {
    name: "review",
    link: ofKotak,
    play: async (page) => {
      await giveAll(page);
      await toReview(page);
    },
    shows: "Share with Northwind Loans",
  },
  {
    name: "done",
    link: ofKotak,
    play: async (page) => {
      await give(page, await statementOf("january"));
      await toReview(page);
      await page.getByRole("button", { name: "Share with Northwind Loans" }).click();
    },
    shows: "Thank you, all done",
  },
  {
    name: "leave",
    link: ofKotak,
    play: (page) => page.getByRole("button", { name: "Leave" }).click(),
    shows: "Leave without sharing?",
  },
  {
    name: "expired",
    link: async ({ http, newLink }) => {
      const link = await newLink({ redirect_url: "https://lender.example/done" });
      await http.intake.db
        .updateTable("sessions")
        .set({ expires_at: http.intake.clock().subtract({ seconds: 1 }) })
        .where("public_id", "=", idIn(link))
        .execute();
      return link;
    },
    shows: "This link has expired",
  },
  {
    name: "deleted",
    link: async ({ http, newLink }) => {
      const link = await newLink();
      await http.call(`${V1}/session_data/${idIn(link)}/delete/`, { method: "DELETE" });
      return link;
    },
    shows: "This request has been withdrawn",
  },
  {
    name: "unknown",
    link: async ({ http }) => `${http.url}/connect/?session_id=nobody`,
    shows: "This link does not work",
  },
];
