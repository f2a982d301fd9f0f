import { brandColors } from "./colors.ts";

/** Null, or what is no `#rrggbb`, leaves the colours of tokens.css. */
export function applyBrand(color: string | null): void {
  if (color === null || !/^#[0-9a-f]{6}$/i.test(color)) return;
  const { fill, onFill, textOnLight, textOnDark } = brandColors(color);
  const { style } = document.documentElement;
  style.setProperty("--brand", fill);
  style.setProperty("--on-brand", onFill);
  style.setProperty("--brand-on-light", textOnLight);
  style.setProperty("--brand-on-dark", textOnDark);
}
