import { parseArgs } from "node:util";
import { ROLES, startApp, type Role } from "./app.ts";
import { describeConfig, readConfig } from "./config.ts";
import { welcome } from "./first-start.ts";
import { openGround } from "./ground.ts";
import type { ExitCode, Io } from "./main.ts";
import { startOrionProcess } from "./orion-process.ts";
import { checkPortFree } from "./port.ts";

/** After a signal: what does not stop by itself within this time is left to be killed. */
const STOP_MS = 60_000;

/** A signal to the whole process group arrives twice: itself, and passed on by scripts/run.mjs. */
const SAME_SIGNAL_MS = 1000;

/** Runs until SIGINT, SIGTERM or SIGHUP, or until its launcher is gone; a second signal ends it at once. */
export async function runServe(argv: string[], io: Io): Promise<ExitCode> {
  const roles = readRoles(argv);
  if (!roles) {
    io.stderr.write(`Usage: bankbell serve [--roles ${ROLES.join(",")}]\n`);
    return 2;
  }
  const asked = untilAsked();
  const { host, port } = readConfig(io.env, process.cwd());
  if (roles.includes("http")) await checkPortFree(host, port);
  const ground = await openGround(io.env, io.stderr);
  const { log, config } = ground;
  const orion = config.orion && roles.includes("http") ? await startOrionProcess(config, log) : null;
  try {
    log.info(describeConfig(ground.config), "starting");
    const app = await startApp(ground, {
      roles,
      onFirstKeys: (keys) => io.stdout.write(welcome(ground.config, keys)),
    });
    if (orion)
      io.stdout.write(
        `\nOrion, a bank to try things with, is ready on ${config.orionUrl} (its customers: ${config.orionUrl}/_sandbox)\n`,
      );
    if (app.address)
      io.stdout.write(
        `\nBankbell is ready on ${ground.config.publicUrl} (reference: ${ground.config.publicUrl}/docs)\n`,
      );
    if (app.firstOwnerLink)
      io.stdout.write(`\nMake the console's first owner here, within a day:\n${app.firstOwnerLink}\n`);
    const signal = await asked;
    log.info({ signal }, "stopping");
    const late = setTimeout(() => process.exit(1), STOP_MS);
    await app.stop();
    clearTimeout(late);
  } finally {
    await orion?.stop();
    await ground.stop();
  }
  log.info("stopped");
  return 0;
}

function readRoles(argv: string[]): readonly Role[] | null {
  try {
    const { values } = parseArgs({ args: argv, options: { roles: { type: "string" } } });
    if (values.roles === undefined) return ROLES;
    const names = values.roles.split(",").map((name) => name.trim());
    const roles = ROLES.filter((role) => names.includes(role));
    return roles.length === names.length && roles.length > 0 ? roles : null;
  } catch {
    // parseArgs throws only for what was typed: the usage answers it.
    return null;
  }
}

function untilAsked(): Promise<string> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    // scripts/run.mjs holds a channel to us: a launcher that was killed leaves no server behind.
    process.once("disconnect", () => resolve("launcher gone"));
    // The channel alone must not keep a stopped server running.
    process.channel?.unref();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (asked !== undefined && performance.now() - asked > SAME_SIGNAL_MS) process.exit(130);
        asked ??= performance.now();
        resolve(signal);
      });
    }
  });
}
