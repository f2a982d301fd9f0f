/** Files beside the catalogue's statements: what a customer may send instead of one. */
import { buffer } from "node:stream/consumers";
import PdfKit from "pdfkit";
import { statement } from "../statements/catalogue.ts";

/** A PDF with text that is no statement. */
async function letter(): Promise<Buffer> {
  const doc = new PdfKit({ size: "A4" });
  const bytes = buffer(doc);
  doc
    .fontSize(12)
    .text("Dear neighbour,\n\nthe garden gate has been repaired. Thank you for your patience.\n\nA. Sample");
  doc.end();
  return bytes;
}

const SPECIAL: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  empty: async () => new Uint8Array(),
  /** No format begins like this. */
  noise: async () => Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + 13) % 256),
  /** The first third of a PDF. */
  damaged: async () => {
    const { bytes } = await statement("hdfc-3-months");
    return bytes.subarray(0, bytes.length / 3);
  },
  letter,
  page: async () => new TextEncoder().encode("<!doctype html><html><body><p>Hello</p></body></html>"),
};

/** Of a name above, or of the catalogue's. */
export const fileOf = async (name: string): Promise<Uint8Array> =>
  SPECIAL[name] ? SPECIAL[name]() : (await statement(name)).bytes;

export const base64Of = async (name: string): Promise<string> =>
  Buffer.from(await fileOf(name)).toString("base64");
