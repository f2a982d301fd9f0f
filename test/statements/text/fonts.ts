import type { PdfFile } from "./file.ts";
import type { Retouch } from "./names.ts";
export const fontTouches: Readonly<Partial<Record<Retouch, (file: PdfFile) => void>>> = {};
