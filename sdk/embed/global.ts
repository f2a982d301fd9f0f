/** As `Bankbell` on a page that loads `/connect/embed.js` by a plain script element. */
export { open } from "./index.ts";
