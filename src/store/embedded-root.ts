import { spawnSync, type SpawnOptions } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { program, type Binaries } from "./embedded-binaries.ts";

/**
 * As whom PostgreSQL runs. It refuses to run as root, and initdb wants its user to have a name.
 * - `plain`: as we are.
 * - `namespace`: in a user namespace where we are called nobody. Outside we stay who we are, so every
 *   folder that we may use (also below a 0700 one) can be used.
 * - `user`: as root we become another user; folders must be reachable for that one.
 */
export type RunAs = { kind: "plain" } | { kind: "namespace" } | { kind: "user"; uid: number; gid: number };

export interface Launch {
  runAs: RunAs;
  binaries: Binaries;
  /** The folder that holds the cluster: the data folder, or its stand-in below /var/lib/bankbell. */
  home: string;
}

const NOBODY = 65_534;
const UNSHARE = ["--user", `--map-user=${NOBODY}`];

/** Where data and programs go when the other user cannot reach ours. */
const SYSTEM_HOME = "/var/lib/bankbell";

export interface Identity {
  uid: number;
  hasName: boolean;
  /** Whether a user namespace may be made here; most containers forbid it. */
  canUnshare: () => boolean;
}

export function currentIdentity(): Identity {
  return { uid: process.getuid?.() ?? -1, hasName: hasName(), canUnshare };
}

/**
 * Decides how to launch for a cluster folder that may exist already.
 * A cluster that another user owns is run as its owner, so that `sudo npm start` once does not lock
 * that user out of their own data.
 */
export function planLaunch(
  home: string,
  clusterName: string,
  binaries: Binaries,
  identity: Identity = currentIdentity(),
): Launch {
  if (identity.uid !== 0) {
    const plain = identity.hasName || !identity.canUnshare();
    return { runAs: { kind: plain ? "plain" : "namespace" }, binaries, home };
  }
  const owner = ownerOf(join(home, clusterName));
  if (owner !== undefined && owner.uid !== 0) return reachable({ kind: "user", ...owner }, home, binaries);
  // Data that once had to go to the stand-in stays there, whatever the machine allows today.
  const standInOwner = owner ?? ownerOf(join(standInOf(home), clusterName));
  if (owner === undefined && standInOwner !== undefined) {
    return reachable({ kind: "user", ...standInOwner }, standInOf(home), binaries);
  }
  if (identity.canUnshare()) return { runAs: { kind: "namespace" }, binaries, home };
  return reachable(serviceUser(), home, binaries);
}

/** The program and arguments that run `file` as decided, and the options of spawn that go with them. */
export function command(runAs: RunAs, file: string, args: string[]): [string, string[], SpawnOptions] {
  switch (runAs.kind) {
    case "plain":
      return [file, args, {}];
    case "namespace":
      return ["unshare", [...UNSHARE, file, ...args], {}];
    case "user":
      return [file, args, { uid: runAs.uid, gid: runAs.gid }];
  }
}

/** Gives a folder, and all in it, to the user that PostgreSQL runs as. */
export function own(runAs: RunAs, folder: string): void {
  if (runAs.kind !== "user") return;
  const { uid, gid } = runAs;
  if (statSync(folder).uid === uid) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
  // Last, because the folder itself is what says that the rest is done.
  chownSync(folder, uid, gid);
}

/** Whether the given user (or we, where none is given) can pass into `folder` and run `file`. */
export function canReach(runAs: RunAs, folder: string, file: string): boolean {
  const script = 'cd "$0" && test -x "$1"';
  const [shell, args, options] = command(runAs, "/bin/sh", ["-c", script, folder, file]);
  return spawnSync(shell, args, { ...options, stdio: "ignore" }).status === 0;
}

function reachable(runAs: RunAs, home: string, binaries: Binaries): Launch {
  const programs = canReach(runAs, "/", program(binaries, "postgres")) ? binaries : copyBinaries(binaries);
  const file = program(programs, "postgres");
  if (canReach(runAs, home, file) || opensWhenPassable(runAs, home, file)) {
    return { runAs, binaries: programs, home };
  }
  const standIn = standInOf(home);
  mkdirSync(standIn, { recursive: true, mode: 0o711 });
  return { runAs, binaries: programs, home: standIn };
}

/**
 * Lets others pass through the data folder (0700 becomes 0711: pass, not list) where that is all that
 * is missing. Data in a mounted volume then stays in the volume.
 */
function opensWhenPassable(runAs: RunAs, home: string, file: string): boolean {
  const { mode } = statSync(home);
  chmodSync(home, mode | 0o011);
  if (canReach(runAs, home, file)) return true;
  chmodSync(home, mode);
  return false;
}

/** One folder per data folder, named after its path so that an operator can tell them apart. */
function standInOf(home: string): string {
  return join(SYSTEM_HOME, home.replaceAll(/[^a-zA-Z0-9.-]+/g, "_").replace(/^_/, ""));
}

function copyBinaries(binaries: Binaries): Binaries {
  const root = join(SYSTEM_HOME, `postgresql-${binaries.version}`);
  if (!existsSync(root)) {
    const unfinished = `${root}.${process.pid}`;
    mkdirSync(SYSTEM_HOME, { recursive: true, mode: 0o711 });
    cpSync(binaries.root, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, root);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(root)) throw error;
    }
  }
  return { ...binaries, root };
}

function serviceUser(): RunAs {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    const uid = Number(fields?.[2]);
    const gid = Number(fields?.[3]);
    if (fields !== undefined && uid > 0 && gid > 0) return { kind: "user", uid, gid };
  }
  throw new Error(
    "PostgreSQL does not run as root, user namespaces are forbidden here, and /etc/passwd names neither " +
      "postgres nor nobody. Run Bankbell as a normal user, or set DATABASE_URL.",
  );
}

function canUnshare(): boolean {
  return spawnSync("unshare", [...UNSHARE, "true"], { stdio: "ignore" }).status === 0;
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    // It throws where /etc/passwd does not name our uid, as in a container run with --user 12345.
    return false;
  }
}

function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { uid: stat.uid, gid: stat.gid };
}
