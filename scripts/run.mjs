// node scripts/run.mjs ARGS…: sets up what is missing, then runs the project's own Node with ARGS from the project's folder.
// The exit code is the child's. Plain JavaScript: it runs on whatever Node is there.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectNode, root, setup } from "./setup.mjs";
import { staleApps } from "./web-sources.mjs";

/** npm's scripts that need the web pages. */
const NEED_PAGES = new Set(["start", "test", "demo"]);

try {
  await setup();
  if (NEED_PAGES.has(process.env.npm_lifecycle_event)) buildPages();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/**
 * The stripped and compiled source is kept, which saves 0.5 s and 18 MB at each start; and the allocator keeps two
 * arenas, since those of ended extraction threads are never given back: 20 MB less at rest.
 */
const SMALLER = { NODE_COMPILE_CACHE: join(root, ".cache", "compile"), MALLOC_ARENA_MAX: "2" };

// The channel tells the child when we are gone, also when we were killed.
const child = spawn(projectNode, process.argv.slice(2), {
  cwd: root,
  env: environment(),
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A terminal's Ctrl-C goes to every process of its foreground group: the child has it already.
    if (signal === "SIGINT" && inForeground()) return;
    child.kill(signal);
  });
}

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  // Die as the child did, so that our caller sees it.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});

/** The packages of the build are absent where only `dependencies` were installed: then the pages are what they are. */
function buildPages() {
  if (staleApps().length === 0 || !existsSync(join(root, "node_modules", "vite"))) return;
  const { status } = spawnSync(projectNode, ["scripts/build-web.ts"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The web pages could not be built: npm run build:web");
}

/**
 * npm moves to the project's folder and leaves the caller's in INIT_CWD. The command line resolves file
 * arguments from there; nothing else gets to see it, or programs that a test starts would take it for theirs.
 */
function environment() {
  const { INIT_CWD, ...given } = process.env;
  const env = { ...SMALLER, ...given };
  const script = env.npm_lifecycle_event;
  if (script !== undefined && script !== "bankbell") return env;
  return { ...env, INIT_CWD: INIT_CWD ?? process.cwd() };
}

/** Whether our process group is the one that the terminal's keys go to (fields 5 and 8 of /proc/self/stat). */
function inForeground() {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], {
      encoding: "utf8",
    });
    const [group, foreground] = (stdout ?? "").trim().split(/\s+/);
    return group !== undefined && group === foreground;
  }
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[2] === fields[5];
}
