/** `banks/catalogue/`: every bank that a request may name (reference §2.9, §8.7). */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bankCatalogue, type CatalogueBank } from "../../intake/banks.ts";
import { callerOf } from "../keyring.ts";
import { onlyMethod, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, describeRoute } from "./documentation.ts";

const URL = "/banks/catalogue/";

const bank = z.object({
  name: z.string().meta({ description: "The identifier, in upper case." }),
  full_name: z.string(),
  npci_code: z.string().nullable(),
  logo_url: z.string(),
  is_pdf_upload_available: z.boolean(),
  is_net_banking_available: z.boolean(),
  is_aa_available: z.boolean(),
});

const banksOf = (catalogue: readonly CatalogueBank[]) =>
  catalogue.map(({ id, name, netBanking }) => ({
    name: id,
    full_name: name,
    npci_code: null,
    logo_url: "",
    is_pdf_upload_available: true,
    is_net_banking_available: netBanking,
    is_aa_available: false,
  }));

/** Where no bank is reached by net banking. */
const PLAIN = banksOf(bankCatalogue([]));

const description = describeRoute({
  id: "listBanks",
  summary: "Catalogue of banks",
  description: "Statements of other banks are read too, where proof holds; they are named `other`.",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({ count: z.int(), banks: z.array(bank) }),
  answerDescription: "Every bank that a request may name.",
  example: { count: PLAIN.length, banks: PLAIN.slice(0, 1) },
  errors: ["ACCESS_DENIED"],
});

export function catalogueRoute(app: FastifyInstance, { access, intake }: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.route({
    method: "GET",
    url: URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: description,
    handler: async (request) => {
      const banks = banksOf(bankCatalogue(intake.reach.banks(callerOf(request).env.mode)));
      return { count: banks.length, banks };
    },
  });
}
