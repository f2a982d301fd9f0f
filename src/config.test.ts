import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, describeConfig, isLoopback, readConfig } from "./config.ts";

const key = Buffer.alloc(32, 7).toString("base64");

test("nothing set is the embedded database on loopback, with a developer's receiver allowed", () => {
  const config = readConfig({}, "/srv/app");
  assert.equal(config.port, 8080);
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.databaseUrl, null);
  assert.equal(config.dataDir, "/srv/app/data");
  assert.equal(config.publicUrl, "http://localhost:8080");
  assert.deepEqual(config.allowNetworks, ["127.0.0.0/8", "::1/128"]);
  assert.equal(config.maxUploadBytes, 20 * 1024 * 1024);
  assert.ok(Object.isFrozen(config));
});

test("an open host allows no private receivers unless told", () => {
  assert.deepEqual(readConfig({ HOST: "0.0.0.0" }, "/").allowNetworks, []);
  assert.deepEqual(
    readConfig({ HOST: "0.0.0.0", BANKBELL_ALLOW_NETWORKS: "10.0.0.0/8, fd00::/8" }, "/").allowNetworks,
    ["10.0.0.0/8", "fd00::/8"],
  );
});

test("every fault is named at once, and no secret is repeated", () => {
  const faulty = {
    PORT: "eighty",
    DATABASE_URL: "mysql://root:hunter2@db",
    BANKBELL_MASTER_KEY: "too-short",
    BANKBELL_API_KEY: "a b",
    BANKBELL_WEBHOOK_SECRET: "whsec_c2hvcnQ=",
    BANKBELL_ALLOW_NETWORKS: "10.0.0.1",
    BANKBELL_TRUSTED_PROXIES: "nginx",
    BANKBELL_MAX_UPLOAD_MB: "0",
    BANKBELL_MAX_PAGES: "-1",
    BANKBELL_LOG_LEVEL: "loud",
    BANKBELL_ORION: "maybe",
    BANKBELL_ORION_PORT: "0",
    BANKBELL_PUBLIC_URL: "bank.example",
    BANKBELL_SMTP_URL: "https://ravi:hunter2@mail.example",
    BANKBELL_MAIL_FROM: "Bankbell <bell@bank.example>",
  };
  assert.throws(
    () => readConfig(faulty, "/"),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      const wrong = Object.keys(faulty).filter((name) => name !== "BANKBELL_MAIL_FROM");
      assert.equal(error.faults.length, wrong.length);
      for (const name of wrong) assert.ok(error.message.includes(name), name);
      assert.ok(!/hunter2|too-short|c2hvcnQ/.test(error.message));
      return true;
    },
  );
});

test("a database of one's own needs a master key of one's own", () => {
  const url = "postgres://bell:secret@db.example/bell";
  assert.throws(() => readConfig({ DATABASE_URL: url }, "/"), /BANKBELL_MASTER_KEY is required/);
  const config = readConfig({ DATABASE_URL: url, BANKBELL_MASTER_KEY: key }, "/");
  assert.equal(JSON.stringify(describeConfig(config)).includes("secret"), false);
  assert.equal(describeConfig(config)["database"], "db.example");
});

test("a database URL may name a socket's folder", () => {
  const url = "postgresql://bell@/bell?host=/run/postgresql";
  const config = readConfig({ DATABASE_URL: url, BANKBELL_MASTER_KEY: key }, "/");
  assert.equal(config.databaseUrl, url);
  assert.equal(describeConfig(config)["database"], "given");
});

test("loopback is told by address, not by prefix", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) assert.ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example"]) assert.ok(!isLoopback(host), host);
});

test("mail needs a server and a sender, and its password is not shown", () => {
  const BANKBELL_SMTP_URL = "smtps://ravi:hunter2@mail.example";
  assert.throws(() => readConfig({ BANKBELL_SMTP_URL }, "/"), /set together/);
  assert.throws(() => readConfig({ BANKBELL_MAIL_FROM: "a@b.example" }, "/"), /set together/);
  const config = readConfig({ BANKBELL_SMTP_URL, BANKBELL_MAIL_FROM: "a@b.example" }, "/");
  assert.equal(config.smtpUrl, BANKBELL_SMTP_URL);
  assert.equal(JSON.stringify(describeConfig(config)).includes("hunter2"), false);
});

test("the sandbox bank runs where nobody else can reach it, unless told otherwise", () => {
  const orion = (variables: Record<string, string>) => {
    const config = readConfig({ BANKBELL_MASTER_KEY: key, ...variables }, "/");
    return config.orion ? config.orionUrl : "off";
  };
  assert.equal(orion({}), "http://127.0.0.1:8090");
  assert.equal(orion({ PORT: "65530" }), "http://127.0.0.1:65520");
  assert.equal(orion({ BANKBELL_ORION: "off" }), "off");
  assert.equal(orion({ HOST: "0.0.0.0" }), "off");
  assert.equal(orion({ DATABASE_URL: "postgres://db.example/bell" }), "off");
  assert.equal(
    orion({ HOST: "0.0.0.0", BANKBELL_ORION: "on", BANKBELL_ORION_PORT: "9000" }),
    "http://127.0.0.1:9000",
  );
});
