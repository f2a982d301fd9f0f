/** `node test/statements/write.ts DIR [NAME…]`: the cases as PDF and JSON, for people to look at. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { names, statement } from "./catalogue.ts";

const [folder, ...chosen] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node test/statements/write.ts DIR [NAME…]");
  process.exit(2);
}
await mkdir(folder, { recursive: true });
for (const name of chosen.length > 0 ? chosen : names) {
  const { bytes, truth } = await statement(name);
  await writeFile(path.join(folder, `${name}.pdf`), bytes);
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(truth, null, 2)}\n`);
  const rows = truth.statements.map(({ transactions }) => transactions.length).join(" + ");
  console.log(`${name}: ${truth.pages} pages, ${rows === "" ? "no" : rows} rows`);
}
