// Writes into package-lock.json what npm leaves out when a registry does not serve the programs of other platforms:
// the optional packages that an installed one names. Without them `npm ci` refuses the lock file everywhere.
// --check writes nothing and exits 1 when something is missing. No integrity is written: npm takes it from the registry.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../package-lock.json", import.meta.url));

/** Words of a package's name → its os, cpu and libc, as npm knows them. */
const OS = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  aix: "aix",
  win32: "win32",
  windows: "win32",
};
const CPU = new Set(["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"]);
const LIBC = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/** Names and versions that are named and absent, with the entry that each should have. */
function missingFrom(lock) {
  const missing = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`))) continue;
      missing[`node_modules/${name}`] = entryOf(name, range.replace(/^[\^~]/, ""), entry.dev === true, path);
    }
  }
  return missing;
}

function entryOf(name, version, dev, parent) {
  const words = name.split(/[/-]/);
  const os = words.map((word) => OS[word]).find(Boolean);
  const cpu = words.find((word) => CPU.has(word));
  const libc = words.map((word) => LIBC[word]).find(Boolean);
  if (os === undefined) throw new Error(`${parent} names ${name}: which platform is that for?`);
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const missing = missingFrom(lock);
const names = Object.keys(missing).map((path) => path.replace("node_modules/", ""));
if (names.length > 0 && process.argv.includes("--check")) {
  process.stderr.write(`package-lock.json lacks ${names.join(", ")}: run node scripts/complete-lock.mjs\n`);
  process.exitCode = 1;
} else if (names.length > 0) {
  const all = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`added ${names.length}\n`);
}
