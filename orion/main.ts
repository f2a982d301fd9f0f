/** The process: `npm run orion`. Runs until SIGINT or SIGTERM, or until whoever started it is gone. */
import { startOrion } from "./server.ts";

const { ORION_PORT = "8090", ORION_HOST = "127.0.0.1", ORION_STATE, ORION_SEED = "orion" } = process.env;

async function main(): Promise<void> {
  const port = /^\d+$/.test(ORION_PORT) ? Number(ORION_PORT) : Number.NaN;
  if (!(port <= 65_535)) throw new Error("ORION_PORT is a port number.");
  const orion = await startOrion({
    port,
    host: ORION_HOST,
    seed: ORION_SEED,
    ...(ORION_STATE ? { statePath: ORION_STATE } : {}),
    log: (fields, msg) => void process.stderr.write(`${JSON.stringify({ msg, ...fields })}\n`),
  });
  // Whoever started us as a child waits for this.
  process.send?.({ url: orion.url });
  process.stdout.write(
    `Orion, the sandbox bank, is ready on ${orion.url} (customers and clock: ${orion.url}/_sandbox)\n`,
  );
  await asked();
  await orion.stop();
}

function asked(): Promise<void> {
  return new Promise((resolve) => {
    process.once("disconnect", () => resolve());
    process.channel?.unref();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
