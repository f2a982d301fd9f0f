/** The languages of the journey. Another one is a table of words and a line here; only the one in use is loaded. */
import { en, type Words } from "./en.ts";

interface Language {
  /** In itself. */
  name: string;
  load: () => Promise<Words>;
}

export const LANGUAGES = {
  en: { name: "English", load: async () => en },
  hi: { name: "हिन्दी", load: async () => (await import("./hi.ts")).hi },
} as const satisfies Record<string, Language>;

export type LanguageCode = keyof typeof LANGUAGES;

export const languageCodes = (): LanguageCode[] => ["en", "hi"];

/** English of India, for its dates: 25 April 2024. */
export const localeOf = (code: LanguageCode): string => `${code}-IN`;

const KEY = "bankbell-language";

/** What was asked for in the link, chosen here before, or set in the browser: the first that there is. */
export function chooseLanguage(
  search: string,
  wanted: readonly string[] = navigator.languages,
): LanguageCode {
  const asked = [new URLSearchParams(search).get("lang"), remembered(), ...wanted];
  for (const one of asked) {
    const code = languageCodes().find((known) => one?.toLowerCase().split("-")[0] === known);
    if (code) return code;
  }
  return "en";
}

/** In a frame of another site the browser may refuse to keep anything: then the choice lasts as long as the page. */
export function rememberLanguage(code: LanguageCode): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // As above.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
