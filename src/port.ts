/** Whether we can listen where we are told to, and what to say where we cannot. */
import { once } from "node:events";
import { createServer } from "node:net";
import { StartError } from "./start-error.ts";

interface Place {
  host: string;
  port: number;
}

/** Throws StartError. Before anything else is started: a second server must not touch the first one's data. */
export async function checkPortFree(host: string, port: number): Promise<void> {
  try {
    await tryListening({ host, port });
  } catch (error) {
    if (await isBankbell(host, port)) {
      throw new StartError(
        `Bankbell is running on port ${port} already: stop it first, or set PORT and BANKBELL_DATA_DIR.`,
      );
    }
    throw listenFault(error, { host, port });
  }
}

export async function isPortFree(host: string, port: number): Promise<boolean> {
  return tryListening({ host, port }).then(
    () => true,
    () => false,
  );
}

/** Whether the server that answers there is one of ours. */
export async function isBankbell(host: string, port: number): Promise<boolean> {
  const open = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const name = open.includes(":") ? `[${open}]` : open;
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, {
      signal: AbortSignal.timeout(2000),
      redirect: "error",
    });
    return answer.ok && (await answer.text()) === '{"status":"ok"}';
  } catch {
    // Whatever does not speak HTTP is another program.
    return false;
  }
}

/** By the code of the system's error. */
const FAULTS: Record<string, (place: Place) => string> = {
  EADDRINUSE: ({ port }) => `Port ${port} is taken by another program: stop that one, or set PORT.`,
  EACCES: ({ port }) => `Port ${port} may not be listened on by this user: set PORT to 1024 or more.`,
  EADDRNOTAVAIL: ({ host }) => `HOST ${host} is not an address of this machine.`,
  ENOTFOUND: ({ host }) => `HOST ${host} is not an address of this machine.`,
};

export function listenFault(error: unknown, place: Place): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const say = FAULTS[code];
  return say ? new StartError(say(place), { cause: error }) : error;
}

async function tryListening(place: Place): Promise<void> {
  const server = createServer().listen(place);
  await once(server, "listening");
  server.close();
  await once(server, "close");
}
