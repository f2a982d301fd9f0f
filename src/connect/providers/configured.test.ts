/** The file of banks: what is right opens, what is wrong is all named at once, and no key is repeated. */
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock } from "../../platform/clock.ts";
import { sealKey } from "../../platform/crypto.ts";
import { openProviders, ProvidersError } from "./configured.ts";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "bankbell-providers-"));
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  writeFileSync(join(folder, "signing.key"), rsa.export({ type: "pkcs8", format: "pem" }));
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  writeFileSync(join(folder, "ec.key"), ec.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(
    join(folder, "broken.key"),
    "-----BEGIN PRIVATE KEY-----\nSECRETSECRET\n-----END PRIVATE KEY-----\n",
  );
});
after(() => rmSync(folder, { recursive: true }));

const entry = {
  kind: "uk_obie",
  id: "example_bank",
  name: "Example Bank",
  roles: ["ais"],
  discovery_url: "https://auth.bank.example/.well-known/openid-configuration",
  api_url: "https://api.bank.example/open-banking/v3.1/",
  client_id: "client",
  signing_key_file: "signing.key",
  signing_key_id: "kid",
  jws: { iss: "org/software" },
};

const openFile = (text: string, orionUrl: string | null = null) => {
  const file = join(folder, "providers.json");
  writeFileSync(file, text);
  return openProviders({
    file,
    orionUrl,
    dataDir: folder,
    master: sealKey(randomBytes(32)),
    publicUrl: "http://localhost:8080",
    clock: systemClock,
    allowNetworks: [],
  });
};
const faultsOf = async (text: string, orionUrl: string | null = null): Promise<readonly string[]> => {
  try {
    await (await openFile(text, orionUrl)).close();
  } catch (error) {
    if (error instanceof ProvidersError) return error.faults;
    throw error;
  }
  return [];
};

test("banks of the file, and the sandbox bank beside them", async () => {
  const providers = await openFile(JSON.stringify([entry]), "http://127.0.0.1:8090");
  assert.deepEqual(
    providers.all().map(({ id }) => id),
    ["example_bank", "orion"],
  );
  assert.equal(providers.find("example_bank")?.pis, null);
  assert.ok(providers.find("orion")?.pis);
  assert.equal(providers.find("nobody"), null);
  await providers.close();
});

test("every fault at once, each with where it stands", async () => {
  const faults = await faultsOf(
    JSON.stringify([
      { ...entry, id: "Not A Slug", discovery_url: "http://bank.example/x", roles: [] },
      {
        ...entry,
        id: "other_bank",
        signing_key_file: "absent.key",
        token_endpoint_auth_method: "tls_client_auth",
      },
      { ...entry, id: "third_bank", signing_key_file: "broken.key", transport_key_file: "signing.key" },
      { ...entry, id: "fourth_bank", signing_key_file: "ec.key" },
      { kind: "carrier_pigeon" },
      { ...entry, id: "fifth_bank", surprise: true },
    ]),
  );
  const all = faults.join("\n");
  for (const said of [
    /entry 1 id: is a slug/,
    /entry 1 discovery_url: begins with https/,
    /entry 1 roles: /,
    /entry 2 \(other_bank\) signing_key_file: .*absent\.key cannot be read \(ENOENT\)/,
    /entry 2 \(other_bank\): tls_client_auth needs/,
    /entry 3 \(third_bank\) signing_key_file: is no private key/,
    /entry 3 \(third_bank\): transport_certificate_file and transport_key_file are set together/,
    /entry 4 \(fourth_bank\) signing_key_file: an RSA key of 2048 bits/,
    /entry 5 kind: is one of uk_obie/,
    /entry 6: .*surprise/,
  ]) {
    assert.match(all, said);
  }
  assert.ok(faults.every((fault) => fault.startsWith("BANKBELL_PROVIDERS: ")));
  assert.doesNotMatch(all, /SECRET/);
});

test("two of one id, no list, no JSON", async () => {
  assert.match((await faultsOf(JSON.stringify([entry, entry]))).join(), /example_bank: two providers/);
  const twin = JSON.stringify([{ ...entry, id: "orion" }]);
  assert.match((await faultsOf(twin, "http://127.0.0.1:8090")).join(), /orion: two providers/);
  assert.match((await faultsOf("{}")).join(), /is not a list/);
  assert.match((await faultsOf("[")).join(), /is not JSON/);
});
