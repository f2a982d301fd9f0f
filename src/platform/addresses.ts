/**
 * Which addresses an outgoing request may reach. Pure.
 *
 * v4 is open but for the special-use ranges (IANA registry); v6 is closed but for 2000::/3 without its special
 * uses, so that a form nobody thought of is closed too. Forms that carry a v4 address are judged by it.
 * ipaddr.js parses; its ranges are not used: it calls `::127.0.0.1` (v4-compatible) unicast.
 */
import ipaddr from "ipaddr.js";

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [Parsed, number];

const networks = (...cidrs: string[]): Network[] => cidrs.map((cidr) => ipaddr.parseCIDR(cidr));

/** Closed even where a network is allowed by name: metadata services, and addresses that are no receiver's. */
const NEVER = networks(
  "0.0.0.0/8", // "this host": reaches loopback
  "169.254.0.0/16", // link local: metadata of AWS, Azure, Google, and container credentials at 169.254.170.2
  "100.100.100.200/32", // metadata of Alibaba, inside carrier-grade NAT
  "168.63.129.16/32", // Azure's wire server: a public address that answers inside only
  "192.0.0.192/32", // metadata of Oracle's classic cloud
  "224.0.0.0/4",
  "255.255.255.255/32",
  "::/128",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
  "fd00:ec2::/32", // metadata, pod identity and time of AWS on v6
  "fd20:ce::254/128", // metadata of Google on v6
  "fd00:42::42/128", // metadata of Scaleway on v6
  "fd00:c1::a9fe:a9fe/128", // metadata of Oracle on v6
  "2001::/32", // Teredo and 6to4: nobody's address any more, and a way around to the v4 inside
  "2002::/16",
);

const SPECIAL_V4 = networks(
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "240.0.0.0/4",
);

const GLOBAL_V6 = networks("2000::/3");
const SPECIAL_V6 = networks(
  "2001::/23", // protocol assignments: Teredo, benchmarking, AMT, ORCHID
  "2001:db8::/32",
  "2002::/16", // 6to4: deprecated, and its relay would carry us to the v4 inside
  "2620:4f:8000::/48",
  "3fff::/20",
);

/** Forms that are another spelling of the v4 address in their last four bytes. */
const CARRIES_V4 = networks("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96");
/** NAT64 of one's own network: closed unless it is opened by name, and then not to where metadata is. */
const LOCAL_NAT64 = networks("64:ff9b:1::/48");

export type Verdict =
  | { ok: true; address: string }
  | { ok: false; reason: "not_an_address" | "forbidden_address" };

/** CIDRs as the configuration writes them. Throws where one is none. */
export const parseNetworks = (cidrs: readonly string[]): Network[] => networks(...cidrs);

/** `text` is an address as a resolver or a parsed URL gives it, without brackets. */
export function judgeAddress(text: string, allowed: readonly Network[]): Verdict {
  // 0177.1 and 2130706433 are spellings that a resolver never gives and a URL parser has already replaced.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text))
    return { ok: false, reason: "not_an_address" };
  const written = ipaddr.parse(text);
  const meant = carriedV4(written) ?? written;
  const spellings = [written, meant];
  const inAny = (list: readonly Network[]) => spellings.some((spelling) => isIn(spelling, list));
  const hidden = isIn(written, LOCAL_NAT64) ? lastV4(written) : meant;
  if (inAny(NEVER) || isIn(hidden, NEVER)) return { ok: false, reason: "forbidden_address" };
  if (inAny(allowed) || isPublic(meant)) return { ok: true, address: text };
  return { ok: false, reason: "forbidden_address" };
}

function isPublic(address: Parsed): boolean {
  if (address.kind() === "ipv4") return !isIn(address, SPECIAL_V4);
  return isIn(address, GLOBAL_V6) && !isIn(address, SPECIAL_V6);
}

function isIn(address: Parsed, list: readonly Network[]): boolean {
  return list.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

function carriedV4(address: Parsed): ipaddr.IPv4 | null {
  if (address.kind() === "ipv4" || !isIn(address, CARRIES_V4)) return null;
  return lastV4(address);
}

const lastV4 = (address: Parsed): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(12));

/** An address in the URL that no delivery will ever reach. Names are judged at each delivery: they may move. */
export function isClosedLiteral(url: string, allowed: readonly Network[]): boolean {
  // The parser writes 0x7f.1 and 2130706433 as the address that they are.
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, "") ?? "";
  const verdict = judgeAddress(host, allowed);
  return !verdict.ok && verdict.reason === "forbidden_address";
}
