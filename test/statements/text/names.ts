/** What may be done to the text of a finished statement. Each is one way in which real files differ from what they show. */
export const retouches = [
  /** Each glyph is a text of its own. */
  "glyph-runs",
  /** The same, torn by kerning. */
  "torn-glyphs",
  /** Texts bear replacement text that reads amounts aloud. */
  "spoken",
  /** Kerning tears words (`Paym e nts`); the spaces of the file are spaces still. */
  "torn-words",
  /** Kerning tears amounts (`1,31 5.61`). */
  "torn-amounts",
  /** Labels for screen readers between the rows: invisible, of no size, white on white, transparent, off the page. */
  "hidden-labels",
  /** The columns' titles are a picture. */
  "pictured-header",
  /** Everything is painted twice, a hair aside. */
  "overprint",
  /** Everything has a grey shadow. */
  "shadow",
  /** The page is a form within a form, scaled down and up again. */
  "form",
  /** A slanted watermark, its letters painted among those of the rows; and upright letters on a diagonal. */
  "watermark",
  /** Rows of another page that the page's clip hides; narrations that their cell cuts off. */
  "clipped",
  /** Shown turned: by /Rotate, with text that makes up for it. */
  "rotate-90",
  "rotate-180",
  "rotate-270",
  /** Fonts of glyph numbers without a Unicode map: no reader can tell what they say. */
  "no-unicode",
  "no-unicode-type3",
  /** The same for dates and amounts alone. */
  "no-unicode-numbers",
  /** Glyph numbers with a map, ligatures in it. */
  "ligatures",
  /** Narrations break inside words, at soft hyphens. */
  "soft-hyphens",
  "devanagari-digits",
  "arabic-digits",
] as const;

export type Retouch = (typeof retouches)[number];

export const refused: ReadonlySet<Retouch> = new Set([
  "no-unicode",
  "no-unicode-type3",
  "no-unicode-numbers",
]);
