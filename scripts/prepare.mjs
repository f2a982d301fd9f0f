// npm's `prepare`, after `npm ci` or `npm install`: builds the web pages where what builds them is installed. Whoever
// sets up by itself (setup.mjs) builds them afterwards: two of us would wait for each other.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const canBuild = existsSync(join(root, "node_modules", "vite")) && existsSync(join(root, "web"));
if (canBuild && !process.env.BANKBELL_SETTING_UP) {
  const args = [join(root, "scripts", "run.mjs"), "scripts/build-web.ts"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
