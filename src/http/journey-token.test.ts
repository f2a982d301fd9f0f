import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { sealKey } from "../platform/crypto.ts";
import { createLinkSigner } from "../platform/signed-links.ts";
import { createJourneyTokens } from "./journey-token.ts";

const tokensOf = () => createJourneyTokens(createLinkSigner(sealKey(randomBytes(32))));

test("a token is of one session, one environment, one key, until its end", () => {
  const tokens = tokensOf();
  const end = Temporal.Instant.from("2024-04-25T10:10:00Z");
  const before = end.subtract({ seconds: 1 });
  const token = tokens.tokenOf("env_1", "a", end);
  assert.equal(tokens.verify("env_1", "a", token, before), true);
  assert.equal(tokens.verify("env_1", "a", token, end), false);
  assert.equal(tokens.verify("env_1", "b", token, before), false);
  assert.equal(tokens.verify("env_2", "a", token, before), false);
  assert.equal(tokensOf().verify("env_1", "a", token, before), false);
  for (const wrong of ["", ".", `${token}.`, `9${token}`, token.slice(0, -1), token.replace(".", "")])
    assert.equal(tokens.verify("env_1", "a", wrong, before), false, wrong);
});
