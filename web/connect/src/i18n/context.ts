import { createContext, useContext } from "react";
import { en, type Words } from "./en.ts";
import { createFormats, type Formats } from "./formats.ts";
import type { LanguageCode } from "./languages.ts";

export interface Speech {
  code: LanguageCode;
  t: Words;
  f: Formats;
  speak: (code: LanguageCode) => void;
}

export const SpeechContext = createContext<Speech>({
  code: "en",
  t: en,
  f: createFormats("en-IN"),
  speak: () => undefined,
});

export const useSpeech = (): Speech => useContext(SpeechContext);

/** In words; a code that nobody foresaw is our fault, not the customer's. */
export function faultWords(t: Words, code: string): string {
  const known = Object.entries(t.faults).find(([name]) => name === code);
  return known?.[1] ?? t.faults.OTHER;
}
