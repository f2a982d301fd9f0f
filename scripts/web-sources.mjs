// Which of the built web pages are missing or older than their sources. Plain JavaScript with nothing but Node: the
// launcher asks at each start, before anything else runs. By content, since a checkout or a copy changes every time stamp;
// reading them all takes a few milliseconds.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** Each folder of pages, and what besides it goes into its build. */
const SOURCES = {
  connect: ["web/connect"],
  console: ["web/console"],
  embed: ["sdk/embed"],
};
const SHARED = ["package-lock.json", "web/vite.config.ts", "scripts/build-web.ts"];

export const webApps = () => Object.keys(SOURCES);
export const distOf = (app) => join(root, "web", "dist", app);
export const stampOf = (app) => join(distOf(app), ".sources");

/** The apps whose build is not that of their sources. */
export const staleApps = () =>
  webApps().filter((app) => {
    if (!existsSync(join(root, SOURCES[app][0]))) return false;
    return !existsSync(stampOf(app)) || readFileSync(stampOf(app), "utf8") !== sourcesHash(app);
  });

/** SHA-256 over the names and bytes of everything that goes into the app. */
export function sourcesHash(app) {
  const hash = createHash("sha256");
  for (const path of [...SHARED, ...SOURCES[app]].flatMap(filesUnder)) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return `${hash.digest("hex")}\n`;
}

function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  if (/\.\w+$/.test(path)) return path.includes(".test.") ? [] : [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesUnder(`${path}/${name}`));
}
