/**
 * Which connections count as encrypted (ruling 7): TLS itself; a proxy of BANKBELL_TRUSTED_PROXIES that says so in
 * X-Forwarded-Proto; and this machine, which needs none. Everything else carries keys in the clear.
 */
import ipaddr from "ipaddr.js";
import type { FastifyRequest } from "fastify";

export type IsTrusted = (address: string) => boolean;

/** `networks` are CIDRs; a mapped IPv4 address (::ffff:10.0.0.1) counts as the IPv4 address that it is. */
export function trustNetworks(networks: readonly string[]): IsTrusted {
  const ranges = networks.map((network) => ipaddr.parseCIDR(network));
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const answer = ranges.length > 0 && matchesAny(address, ranges);
    // Clients choose their addresses; the memory of them must not grow without end.
    if (known.size >= 1000) known.clear();
    known.set(address, answer);
    return answer;
  };
}

export function isLoopbackAddress(address: string): boolean {
  return isAddress(address) && ipaddr.process(address).range() === "loopback";
}

export interface Connection {
  encrypted: boolean;
  /** Of the socket, not what a header claims. */
  remoteAddress: string;
  /** Every hop must have been https: a proxy that appends `http` tells of a plain one. */
  forwardedProto: string | undefined;
}

export function isSecure(connection: Connection, isTrusted: IsTrusted): boolean {
  if (connection.encrypted) return true;
  const { forwardedProto, remoteAddress } = connection;
  if (forwardedProto !== undefined && isTrusted(remoteAddress)) {
    return forwardedProto.split(",").every((proto) => proto.trim().toLowerCase() === "https");
  }
  return isLoopbackAddress(remoteAddress);
}

export function connectionOf(request: FastifyRequest): Connection {
  const { socket, headers } = request.raw;
  const forwarded = headers["x-forwarded-proto"];
  return {
    encrypted: "encrypted" in socket && socket.encrypted === true,
    remoteAddress: socket.remoteAddress ?? "",
    forwardedProto: Array.isArray(forwarded) ? forwarded.join(",") : forwarded,
  };
}

function matchesAny(address: string, ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  if (!isAddress(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
}

/** `10.1` and 0x7f000001 are addresses to some parsers; X-Forwarded-For may hold anything. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
