/**
 * The objects of a file that pdfkit wrote, to be changed and written again: what pdfkit cannot paint (invisible text,
 * own encodings, forms) is put into its operators. It reads nothing else: every object stands alone, none is packed.
 */
import { deflateSync, inflateSync } from "node:zlib";

export interface PdfObject {
  /** The object's value; of a stream its dictionary, without /Length and /Filter. */
  value: string;
  /** As Latin-1: one character a byte. Null where the object is no stream. */
  stream: string | null;
}

export interface PdfFile {
  objects: Map<number, PdfObject>;
  /** The trailer's entries but /Size. */
  trailer: string;
}

const OBJECT = /(\d+) 0 obj\n([\s\S]*?)\nendobj\n/g;
const STREAM = /^([\s\S]*?>>)\nstream\n([\s\S]*)\nendstream$/;

export function readFile(bytes: Buffer): PdfFile {
  const text = bytes.toString("latin1");
  const objects = new Map<number, PdfObject>();
  for (const [, number, body = ""] of text.matchAll(OBJECT)) {
    const [, dictionary = "", data = ""] = STREAM.exec(body) ?? [];
    const packed = dictionary.includes("/FlateDecode");
    objects.set(Number(number), {
      value: dictionary === "" ? body : dictionary.replaceAll(/\/(?:Length \d+|Filter \/FlateDecode)\n/g, ""),
      stream: dictionary === "" ? null : packed ? inflate(data) : data,
    });
  }
  const trailer = /trailer\n<<([\s\S]*?)>>\nstartxref/.exec(text)?.[1] ?? "";
  return { objects, trailer: trailer.replace(/\/Size \d+\n/, "") };
}

function inflate(data: string): string {
  return inflateSync(Buffer.from(data, "latin1")).toString("latin1");
}

/** The same objects give the same bytes. */
export function writeFile({ objects, trailer }: PdfFile): Buffer {
  const numbers = [...objects.keys()].sort((a, b) => a - b);
  const size = (numbers.at(-1) ?? 0) + 1;
  const offsets = new Map<number, number>();
  let text = "%PDF-1.4\n%\u00ff\u00ff\u00ff\u00ff\n";
  for (const number of numbers) {
    const object = objects.get(number);
    if (object === undefined) continue;
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${bodyOf(object)}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${size}\n`;
  for (let number = 0; number < size; number += 1) {
    const offset = offsets.get(number);
    const place = String(offset ?? 0).padStart(10, "0");
    text += offset === undefined ? `${place} 65535 f \n` : `${place} 00000 n \n`;
  }
  text += `trailer\n<<\n/Size ${size}${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

function bodyOf({ value, stream }: PdfObject): string {
  if (stream === null) return value;
  const data = deflateSync(Buffer.from(stream, "latin1")).toString("latin1");
  const dictionary = value.replace(/>>$/, `/Length ${data.length}\n/Filter /FlateDecode\n>>`);
  return `${dictionary}\nstream\n${data}\nendstream`;
}

/** Adds an object and says its number. */
export function addObject(file: PdfFile, value: string, stream: string | null = null): number {
  const number = Math.max(...file.objects.keys()) + 1;
  file.objects.set(number, { value, stream });
  return number;
}

export interface FilePage {
  page: PdfObject;
  content: PdfObject;
  resources: PdfObject;
}

/** The pages as they come in the page tree, which pdfkit writes flat. */
export function pagesOf(file: PdfFile): FilePage[] {
  const tree = [...file.objects.values()].find(({ value }) => value.includes("/Type /Pages"));
  const kids = /\/Kids \[([^\]]*)\]/.exec(tree?.value ?? "")?.[1] ?? "";
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, number]) => {
    const page = file.objects.get(Number(number));
    const content = referred(file, page, "Contents");
    const resources = referred(file, page, "Resources");
    if (page === undefined || content === undefined || resources === undefined)
      throw new Error("a page without content");
    return { page, content, resources };
  });
}

function referred(file: PdfFile, object: PdfObject | undefined, key: string): PdfObject | undefined {
  const number = new RegExp(`/${key} (\\d+) 0 R`).exec(object?.value ?? "")?.[1];
  return file.objects.get(Number(number));
}
