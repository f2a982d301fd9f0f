import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judgeAddress, parseNetworks } from "./addresses.ts";

const FORBIDDEN = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
  169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
  192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255
  198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 100.100.100.200
  168.63.129.16 :: ::1 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1
  ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1
  64:ff9b::169.254.169.254 64:ff9b:1::1 2002:7f00:1::1 2002:0a00:0001:: 2002:808:808::1 2001::1
  2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:3::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1
  2620:4f:8000::1 5f00::1 100::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1
  ff02::1 4000::1 8000::1`
  .trim()
  .split(/\s+/);
const OPEN = `
  8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 198.17.0.1 198.20.0.1`
  .trim()
  .split(/\s+/);
const OPEN_V6 = `
  2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8`
  .trim()
  .split(/\s+/);

describe("addresses", () => {
  for (const address of FORBIDDEN) {
    test(`${address} is forbidden`, () =>
      assert.deepEqual(judgeAddress(address, []), { ok: false, reason: "forbidden_address" }));
  }
  for (const address of [...OPEN, ...OPEN_V6]) {
    test(`${address} is public`, () => assert.deepEqual(judgeAddress(address, []), { ok: true, address }));
  }

  test("other spellings are no addresses here", () => {
    for (const text of [
      "",
      "2130706433",
      "0x7f.1",
      "0177.0.0.1",
      "127.1",
      "localhost",
      "[::1]",
      "1.2.3.4.5",
      "::1::",
    ]) {
      assert.deepEqual(judgeAddress(text, []), { ok: false, reason: "not_an_address" }, text);
    }
  });

  test("a named network opens itself and nothing else, also in mapped form", () => {
    const allowed = parseNetworks(["10.1.0.0/16", "fd12::/16"]);
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd12::1"]) {
      assert.equal(judgeAddress(address, allowed).ok, true, address);
    }
    for (const address of ["10.2.0.1", "::ffff:10.2.0.1", "fd13::1", "127.0.0.1", "192.168.1.1"]) {
      assert.equal(judgeAddress(address, allowed).ok, false, address);
    }
  });

  test("metadata services stay closed even when everything is allowed", () => {
    const allowed = parseNetworks(["0.0.0.0/0", "::/0"]);
    const metadata = [
      "169.254.169.254",
      "169.254.170.2",
      "::ffff:169.254.169.254",
      "64:ff9b::169.254.169.254",
    ];
    const others = [
      "fe80::1",
      "fd00:ec2::254",
      "fd00:ec2::23",
      "64:ff9b:1::a9fe:a9fe",
      "2002:a9fe:a9fe::1",
      "2001:0:a9fe:a9fe::1",
      "100.100.100.200",
      "168.63.129.16",
      "0.0.0.0",
      "::",
      "224.0.0.1",
    ];
    for (const address of [...metadata, ...others])
      assert.equal(judgeAddress(address, allowed).ok, false, address);
    for (const address of ["127.0.0.1", "10.0.0.1", "fd00::1", "64:ff9b:1::a00:1"])
      assert.equal(judgeAddress(address, allowed).ok, true, address);
  });

  test("a network that is none is refused", () => {
    for (const cidr of ["10.0.0.0", "10.0.0.0/33", "here/8", ""])
      assert.throws(() => parseNetworks([cidr]), cidr);
  });
});
