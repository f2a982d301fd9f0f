/** The organisation's one colour, made readable on light and on dark (WCAG 2.2: 4.5 to 1). */
type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The surfaces of styles.css. */
const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [23, 28, 36];
/** White or black is always that far from a colour; a grey black is not from #777. */
const ENOUGH = 4.5;

export interface BrandColors {
  fill: string;
  onFill: string;
  textOnLight: string;
  textOnDark: string;
}

/** `color` is `#rrggbb`. */
export function brandColors(color: string): BrandColors {
  const own: Rgb = [hex(color, 1), hex(color, 3), hex(color, 5)];
  return {
    fill: color,
    onFill: css(contrast(own, WHITE) >= ENOUGH ? WHITE : BLACK),
    textOnLight: css(towards(own, BLACK, LIGHT)),
    textOnDark: css(towards(own, WHITE, DARK)),
  };
}

const hex = (color: string, at: number): number => Number.parseInt(color.slice(at, at + 2), 16);

/** The colour itself where it can be read on the ground, else moved towards `end` until it can. */
function towards(color: Rgb, end: Rgb, ground: Rgb): Rgb {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(color, end, part);
    if (contrast(mixed, ground) >= ENOUGH) return mixed;
  }
  return end;
}

const mix = (a: Rgb, b: Rgb, part: number): Rgb => [
  channel(a[0], b[0], part),
  channel(a[1], b[1], part),
  channel(a[2], b[2], part),
];
const channel = (a: number, b: number, part: number): number => Math.round(a + (b - a) * part);

/** WCAG's ratio, 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;
