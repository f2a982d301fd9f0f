/**
 * The connection itself is the guard: the name is resolved here, once, every address it has is judged, and the
 * socket is opened to one of the judged addresses. A second look-up that answers differently has no place to happen.
 */
import { lookup } from "node:dns/promises";
import { isIP, Socket } from "node:net";
import { callbackify } from "node:util";
import { buildConnector } from "undici";
import { judgeAddress, type Network } from "./addresses.ts";
import { nameError, OutgoingFault } from "./outgoing-errors.ts";

/** Every address of a name, in the order to try them. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** PEM. */
export interface ClientIdentity {
  cert: string;
  key: string;
}

export interface ConnectOptions {
  allowed: readonly Network[];
  resolve: Resolve;
  /** For the whole of look-up, connection and TLS. */
  timeoutMs: number;
  /** PEM of further authorities to trust. */
  ca: string | null;
  identity: ClientIdentity | null;
  /** Told of each connection that was made. */
  onConnected(made: MadeConnection): void;
  /** Told of each that breaks: `answered` where it has brought anything since it was made. */
  onBroken(error: Error, answered: boolean): void;
}

export interface MadeConnection {
  address: string;
  /** Microseconds of the look-up; null where the host was an address. */
  dnsUs: number | null;
  /** Microseconds of the TLS handshake; null without TLS. */
  tlsUs: number | null;
  /** performance.now() */
  at: number;
}

type Connected = NonNullable<Parameters<buildConnector.Callback>[1]>;
/** A receiver with many addresses does not buy itself many time-outs. */
const MOST_ADDRESSES = 4;

/** getaddrinfo, so that /etc/hosts and the resolver's own rules hold. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, order: "verbatim" })).map(({ address }) => address);

/** undici's `connect` for one origin. */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: options.timeoutMs,
    rejectUnauthorized: true,
    ...(options.ca !== null && { ca: options.ca }),
    ...options.identity,
  });
  const guarded = callbackify((target: buildConnector.Options) => connectGuarded(connect, target, options));
  return (target, callback) => {
    guarded(target, (error, socket) => {
      if (error) callback(error, null);
      else callback(null, socket);
    });
  };
}

async function connectGuarded(
  connect: buildConnector.connector,
  target: buildConnector.Options,
  options: ConnectOptions,
): Promise<Connected> {
  const start = performance.now();
  const deadline = start + options.timeoutMs;
  const hostname = target.hostname.replace(/^\[|\]$/g, "");
  const addresses = await judgedAddresses(hostname, options);
  const dnsUs = isIP(hostname) === 0 ? Math.round((performance.now() - start) * 1000) : null;
  let last: Error = new OutgoingFault("timeout");
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    if (performance.now() > deadline) break;
    try {
      const { socket, tlsUs } = await connectTo(connect, { ...target, hostname: address }, hostname);
      // What was judged is what was reached, whatever lies between.
      if (!sameAddress(socket.remoteAddress, address)) {
        socket.destroy();
        throw new OutgoingFault("forbidden_address");
      }
      options.onConnected({ address, dnsUs, tlsUs, at: performance.now() });
      const before = socket.bytesRead;
      socket.on("error", (error) => options.onBroken(error, socket.bytesRead > before));
      return socket;
    } catch (error) {
      last = error instanceof Error ? error : new OutgoingFault("failed");
      // Another address cannot mend a certificate.
      if (!["refused", "unreachable", "timeout"].includes(nameError(error))) break;
    }
  }
  throw last;
}

async function judgedAddresses(hostname: string, options: ConnectOptions): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await resolveInTime(hostname, options) : [hostname];
  if (addresses.length === 0) throw new OutgoingFault("dns");
  // One forbidden address among good ones is a trap, not a mistake.
  for (const address of addresses) {
    if (!judgeAddress(address, options.allowed).ok) throw new OutgoingFault("forbidden_address");
  }
  return addresses;
}

async function resolveInTime(hostname: string, options: ConnectOptions): Promise<readonly string[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OutgoingFault("dns")), options.timeoutMs);
  try {
    return await Promise.race([options.resolve(hostname), late]);
  } catch (cause) {
    throw new OutgoingFault("dns", { cause });
  } finally {
    clearTimeout(timer);
  }
}

function connectTo(
  connect: buildConnector.connector,
  { hostname, host, protocol, port }: buildConnector.Options,
  name: string,
): Promise<{ socket: Connected; tlsUs: number | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ socket: Connected; tlsUs: number | null }>();
  // SNI and the certificate's check follow the name, the connection the address; an address has no SNI.
  const servername = protocol === "https:" && isIP(name) === 0 ? { servername: name.replace(/\.$/, "") } : {};
  let reachedAt: number | null = null;
  const begun: unknown = connect(
    { hostname, protocol, port, ...(host !== undefined && { host }), ...servername },
    (error, socket) => {
      if (!socket) return reject(error ?? new OutgoingFault("failed"));
      const shaken = protocol === "https:" && reachedAt !== null;
      resolve({ socket, tlsUs: shaken ? Math.round((performance.now() - (reachedAt ?? 0)) * 1000) : null });
    },
  );
  // undici answers the socket at once, though its types do not say so: TCP is there before TLS.
  if (begun instanceof Socket) begun.once("connect", () => (reachedAt = performance.now()));
  return promise;
}

function sameAddress(reached: string | undefined, judged: string): boolean {
  if (reached === undefined) return false;
  return canonical(reached) === canonical(judged);
}

/** A dual-stack socket may name a v4 peer in its mapped form. */
function canonical(address: string): string {
  const [plain = ""] = address.toLowerCase().split("%");
  const text = isIP(plain) === 6 ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text);
  if (!mapped) return text;
  const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
