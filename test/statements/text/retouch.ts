/**
 * The same statement with its text put on the page in another way: the eye sees no difference (or less, or more than
 * the file says), a reader of the file does. The truth stays as it is.
 */
import { addObject, type FilePage, pagesOf, type PdfFile, readFile, writeFile } from "./file.ts";
import { painters, type PageTools } from "./painters.ts";
import { fontTouches } from "./fonts.ts";
import { paintingOf } from "./runs.ts";
import { pageTouches } from "./pages.ts";
import { refused, type Retouch } from "./names.ts";
import type { Generated } from "../types.ts";

const FONT = /\/(F\d+) (\d+) 0 R/g;

/** The standard font behind each of a page's names. */
function fontNames(file: PdfFile, { resources }: FilePage): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, name = "", number] of resources.value.matchAll(FONT)) {
    const font = file.objects.get(Number(number))?.value ?? "";
    names.set(name, /\/BaseFont \/(\S+)/.exec(font)?.[1] ?? "");
  }
  return names;
}

export function retouch(bytes: Buffer, touch: Retouch): Buffer {
  const file = readFile(bytes);
  fontTouches[touch]?.(file);
  pagesOf(file).forEach((page, index) => {
    const [, width = "", height = ""] = /\/MediaBox \[0 0 (\S+) ([^\]]+)\]/.exec(page.page.value) ?? [];
    const tools: PageTools = {
      index,
      width: Number(width),
      height: Number(height),
      fonts: fontNames(file, page),
      addResource: (kind, name, value, stream) => {
        const number = addObject(file, value, stream);
        page.resources.value = page.resources.value.replace(
          />>$/,
          `/${kind} << /${name} ${number} 0 R >>\n>>`,
        );
      },
    };
    const paint = painters[touch];
    if (paint !== undefined) {
      const painting = paintingOf(page.content.stream ?? "", tools.fonts);
      page.content.stream = paint(painting, tools);
    }
    pageTouches[touch]?.(file, page, tools);
  });
  return writeFile(file);
}

/** A statement whose characters no reader can know is refused; any other says what it said before. */
export function retouched({ bytes, truth }: Generated, touch: Retouch | undefined): Generated {
  if (touch === undefined) return { bytes, truth };
  const changed = retouch(bytes, touch);
  return refused.has(touch)
    ? { bytes: changed, truth: { ...truth, error: "UNPARSABLE", statements: [] } }
    : { bytes: changed, truth };
}
