/**
 * What a template may bring to the hosted page. HTML is cut down to a list of harmless elements; CSS that could load or
 * run anything is refused, not repaired, so that nobody wonders why half of it works. The page's content security
 * policy stands behind both: it allows no script of others and nothing from elsewhere. Pure.
 */
import sanitizeHtml from "sanitize-html";

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    "p",
    "div",
    "span",
    "a",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "small",
    "br",
    "hr",
    "ul",
    "ol",
    "li",
  ],
  allowedAttributes: { a: ["href", "rel", "target"], "*": ["class"] },
  allowedSchemes: ["https", "mailto", "tel"],
  allowProtocolRelative: false,
  disallowedTagsMode: "discard",
  transformTags: { a: sanitizeHtml.simpleTransform("a", { rel: "noopener noreferrer", target: "_blank" }) },
};

export const cleanHtml = (html: string): string => sanitizeHtml(html, OPTIONS).trim();

const REFUSED: readonly (readonly [RegExp, string])[] = [
  // Escapes would hide all of the others.
  [/\\/, "a backslash"],
  [/</, "<"],
  [/@(?!media\b|supports\b|container\b)/i, "an at-rule other than @media, @supports and @container"],
  [
    /\b(url|src|image|image-set|cross-fade|element|paint|expression|attr)\s*\(/i,
    "url() or another function that loads or runs something",
  ],
  [/javascript\s*:|behavior\s*:|-moz-binding/i, "something that runs"],
];

/** What the CSS holds that it may not; null where it is harmless. */
export function cssFault(css: string): string | null {
  for (const text of [css, css.replaceAll(/\/\*[\s\S]*?\*\//g, "")]) {
    const found = REFUSED.find(([pattern]) => pattern.test(text));
    if (found) return found[1];
  }
  return null;
}
