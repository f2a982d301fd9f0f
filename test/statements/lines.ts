/** Lines as a page gives them, drawn by hand: for tests of what reads lines. */
import type { Line } from "../../src/statement/types.ts";

/** Width of a character and height of a line, in points. */
const WIDTH = 5;
const HEIGHT = 9;
const STEP = 12;

/**
 * Each string is one line of the page, each character as wide as any other, so that columns stand where they are
 * typed. Two spaces or more part two cells. An empty string leaves a line out.
 */
export function drawLines(text: readonly string[], page = 1, firstLine = 1): Line[] {
  const lines: Line[] = [];
  text.forEach((line, i) => {
    const words = [...line.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      x0: 30 + match.index * WIDTH,
      x1: 30 + (match.index + match[0].length) * WIDTH,
      y0: 40 + i * STEP,
      y1: 40 + i * STEP + HEIGHT,
    }));
    if (words.length === 0) return;
    lines.push({
      page,
      line: firstLine + lines.length,
      y0: 40 + i * STEP,
      y1: 40 + i * STEP + HEIGHT,
      words,
      text: words.map((word) => word.text).join(" "),
    });
  });
  return lines;
}
