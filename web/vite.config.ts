/**
 * How the pages are built (`npm run build:web`): one Vite build per folder of `web/`, each a site of its own below a
 * prefix. Nothing is inlined, so that the content policy needs no `unsafe-inline` and no `data:`.
 */
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import type { InlineConfig } from "vite";
import type { WebApp } from "../scripts/web-sources.mjs";

const ROOT = join(import.meta.dirname, "..");

/** Browsers of the last four years or so: what phones of a lender's customers run. */
const TARGET = ["chrome100", "firefox100", "safari15.4"];

/** Builds into `outDir`, which must be empty or absent. */
export function viteConfig(app: WebApp, outDir: string): InlineConfig {
  const common: InlineConfig = {
    configFile: false,
    logLevel: "warn",
    build: {
      outDir,
      emptyOutDir: true,
      target: TARGET,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
  if (app === "embed") return embedConfig(common);
  return {
    ...common,
    root: join(ROOT, "web", app),
    base: `/${app}/`,
    plugins: [react()],
  };
}

/** One script without imports, for a plain `<script src>` on anybody's page. */
const embedConfig = (common: InlineConfig): InlineConfig => ({
  ...common,
  root: join(ROOT, "sdk", "embed"),
  build: {
    ...common.build,
    lib: {
      entry: join(ROOT, "sdk", "embed", "global.ts"),
      name: "Bankbell",
      formats: ["iife"],
      fileName: () => "embed.js",
    },
  },
});
