/** One page's glyphs as parallel arrays: the shape that reading, turning and grouping share. */

/** `turn` of text that stands at an angle. */
export const ASKEW = 255;
/** Added to the `turn` of text that is painted without ink; it takes part in nothing until it is taken off. */
export const GHOST = 4;

/** Filled up to `count`: no object per glyph. Reused from page to page. */
export interface Glyphs {
  count: number;
  /** Unicode code point; U+FFFD where the font does not say what the glyph means. */
  code: Uint32Array;
  x0: Float32Array;
  y0: Float32Array;
  x1: Float32Array;
  y1: Float32Array;
  /** Where the base line stands. */
  base: Float32Array;
  /** The font's em in points. */
  size: Float32Array;
  /** Quarter turns counter-clockwise of the text on the unrotated page, or `ASKEW`; `GHOST` may be added. */
  turn: Uint8Array;
  /** Which glyphs the file painted by one operator: equal numbers side by side. */
  run: Uint32Array;
  /** PDFium's handle of the font: it holds while the page is loaded. */
  font: Uint32Array;
  /** 1 where it is painted without ink: the recognised text of a scan. */
  inkless: Uint8Array;
  /** 1 where a space glyph was painted just before. */
  spaced: Uint8Array;
}

export function createGlyphs(capacity = 8192): Glyphs {
  const floats = (): Float32Array => new Float32Array(capacity);
  return {
    count: 0,
    code: new Uint32Array(capacity),
    x0: floats(),
    y0: floats(),
    x1: floats(),
    y1: floats(),
    base: floats(),
    size: floats(),
    turn: new Uint8Array(capacity),
    run: new Uint32Array(capacity),
    font: new Uint32Array(capacity),
    inkless: new Uint8Array(capacity),
    spaced: new Uint8Array(capacity),
  };
}
