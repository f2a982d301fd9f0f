import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopbackAddress, isSecure, trustNetworks } from "./transport.ts";

test("a proxy is trusted by its network, in whatever form its address comes", () => {
  const isTrusted = trustNetworks(["10.0.0.0/8", "fd00::/8"]);
  for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"])
    assert.equal(isTrusted(address), true, address);
  for (const address of ["11.0.0.1", "::1", "fe80::1", "", "localhost", "10.1.2"]) {
    assert.equal(isTrusted(address), false, address);
  }
  assert.equal(trustNetworks([])("127.0.0.1"), false);
});

test("loopback in all its forms", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(isLoopbackAddress(address), true, address);
  }
  for (const address of ["10.0.0.1", "::", "0.0.0.0", "localhost", ""]) {
    assert.equal(isLoopbackAddress(address), false, address);
  }
});

test("encrypted, or through a trusted proxy that says so, or on this machine", () => {
  const isTrusted = trustNetworks(["10.0.0.0/8", "127.0.0.2/32"]);
  const cases: [boolean, string, string | undefined, boolean][] = [
    [true, "203.0.113.9", undefined, true],
    [false, "203.0.113.9", undefined, false],
    [false, "203.0.113.9", "https", false],
    [false, "10.0.0.1", "https", true],
    [false, "10.0.0.1", " HTTPS , https", true],
    [false, "10.0.0.1", "https, http", false],
    [false, "10.0.0.1", undefined, false],
    [false, "127.0.0.1", undefined, true],
    [false, "127.0.0.1", "http", true],
    [false, "127.0.0.2", "http", false],
    [false, "127.0.0.2", undefined, true],
  ];
  for (const [encrypted, remoteAddress, forwardedProto, secure] of cases) {
    const connection = { encrypted, remoteAddress, forwardedProto };
    assert.equal(isSecure(connection, isTrusted), secure, JSON.stringify(connection));
  }
});
