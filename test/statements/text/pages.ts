/** Changes to whole pages: how they are turned, and what they are wrapped in. */
import { addObject, type FilePage, type PdfFile } from "./file.ts";
import type { Retouch } from "./names.ts";
import type { PageTools } from "./painters.ts";

type PageTouch = (file: PdfFile, page: FilePage, tools: PageTools) => void;

const numberOf = (page: FilePage): string => /\/Resources (\d+) 0 R/.exec(page.page.value)?.[1] ?? "";

/** The page paints one form, at half its size, which paints another one at twice its own. */
function inForm(file: PdfFile, page: FilePage, { width, height }: PageTools): void {
  const form = (matrix: string, resources: string, content: string): number =>
    addObject(
      file,
      `<< /Type /XObject /Subtype /Form /BBox [0 0 ${2 * width} ${2 * height}] /Matrix [${matrix}] /Resources ${resources} >>`,
      content,
    );
  const inner = form("2 0 0 2 0 0", `${numberOf(page)} 0 R`, page.content.stream ?? "");
  const outer = form("1 0 0 1 0 0", `<< /XObject << /Inner ${inner} 0 R >> >>`, "/Inner Do");
  const resources = addObject(file, `<< /XObject << /Outer ${outer} 0 R >> >>`);
  page.content.stream = "q 0.5 0 0 0.5 0 0 cm /Outer Do Q";
  page.page.value = page.page.value.replace(/\/Resources \d+ 0 R/, `/Resources ${resources} 0 R`);
}

/** Shown clockwise by `rotate`, painted turned the other way: upright again. */
const turned =
  (rotate: 90 | 180 | 270): PageTouch =>
  (_, page, { width, height }) => {
    const matrix = {
      90: `0 1 -1 0 ${height} 0`,
      180: `-1 0 0 -1 ${width} ${height}`,
      270: `0 -1 1 0 0 ${width}`,
    }[rotate];
    const box = rotate === 180 ? `${width} ${height}` : `${height} ${width}`;
    page.content.stream = `q ${matrix} cm\n${page.content.stream ?? ""}\nQ`;
    page.page.value = page.page.value.replace(
      /\/MediaBox \[[^\]]*\]/,
      `/MediaBox [0 0 ${box}]\n/Rotate ${rotate}`,
    );
  };

export const pageTouches: Readonly<Partial<Record<Retouch, PageTouch>>> = {
  form: inForm,
  "rotate-90": turned(90),
  "rotate-180": turned(180),
  "rotate-270": turned(270),
};
