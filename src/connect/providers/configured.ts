/** The providers of this server: those of the file that `BANKBELL_PROVIDERS` names, and the sandbox bank. Read once, at start. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../platform/clock.ts";
import type { SealKey } from "../../platform/crypto.ts";
import { createOutgoing, type Outgoing } from "../../platform/outgoing.ts";
import { orionBank, orionRegistration } from "./orion.ts";
import type { Provider, Providers } from "./provider.ts";
import { readUkObieBank } from "./uk-obie/configuration.ts";
import { ukObieProvider, type UkObieBank } from "./uk-obie/index.ts";

export interface ProviderOptions {
  /** A JSON file; null: none. */
  file: string | null;
  /** Null: no sandbox bank. */
  orionUrl: string | null;
  dataDir: string;
  master: SealKey;
  /** Without a slash at its end. */
  publicUrl: string;
  clock: Clock;
  /** CIDRs of private networks that may be reached by any request. */
  allowNetworks: readonly string[];
}

export interface OpenProviders extends Providers {
  close(): Promise<void>;
}

export class ProvidersError extends Error {
  override name = "ProvidersError";
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** Throws ProvidersError naming every fault of the file and of the keys that it names. */
export async function openProviders(options: ProviderOptions): Promise<OpenProviders> {
  const { file, orionUrl, clock } = options;
  const banks = file === null ? [] : readBanks(file, orionUrl !== null);
  const opened: Outgoing[] = [];
  const clientOf = (bank: UkObieBank): Outgoing => {
    const outgoing = createOutgoing({
      allowNetworks: options.allowNetworks,
      knownHosts: bank.knownHosts,
      ...(bank.ca === null ? {} : { ca: bank.ca }),
      ...(bank.identity === null ? {} : { identity: bank.identity }),
    });
    opened.push(outgoing);
    return outgoing;
  };
  const all: Provider[] = banks.map((bank) => ukObieProvider(bank, { outgoing: clientOf(bank), clock }));
  if (orionUrl !== null) {
    const bank = await orionBank({ ...options, url: orionUrl });
    const outgoing = clientOf(bank);
    const register = orionRegistration(bank, { ...options, url: orionUrl, outgoing });
    all.push(ukObieProvider(bank, { outgoing, clock, register }));
  }
  const byId = new Map(all.map((provider) => [provider.id, provider]));
  return {
    all: () => all,
    find: (id) => byId.get(id) ?? null,
    close: async () => {
      await Promise.all(opened.map((outgoing) => outgoing.close()));
    },
  };
}

/** A kind of provider is a line here: how one entry of the file becomes a bank. */
const KINDS = new Map<unknown, typeof readUkObieBank>([["uk_obie", readUkObieBank]]);

function readBanks(file: string, withOrion: boolean): UkObieBank[] {
  const faults: string[] = [];
  const list = readList(file, faults);
  const banks = list.flatMap((entry, nth) => {
    const at = `entry ${nth + 1}`;
    const kind = typeof entry === "object" && entry !== null && "kind" in entry ? entry.kind : undefined;
    const read = KINDS.get(kind);
    if (read) return read(entry, dirname(file), at, faults) ?? [];
    faults.push(`${at} kind: is one of ${[...KINDS.keys()].join(", ")}.`);
    return [];
  });
  const ids = [...banks.map(({ id }) => id), ...(withOrion ? ["orion"] : [])];
  for (const id of new Set(ids.filter((one, nth) => ids.indexOf(one) !== nth)))
    faults.push(`${id}: two providers have this id.`);
  if (faults.length > 0) throw new ProvidersError(faults.map((fault) => `BANKBELL_PROVIDERS: ${fault}`));
  return banks;
}

function readList(file: string, faults: string[]): unknown[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (Array.isArray(parsed)) return parsed as unknown[];
    faults.push(`${file} is not a list of providers.`);
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    faults.push(`${file} ${why}.`);
  }
  return [];
}
