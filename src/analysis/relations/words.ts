/**
 * Words of names and narrations, folded so that the same name written twice reads equally.
 * Names repeat thousands of times in a statement: each distinct text is folded once per run (`createFolder`).
 */

export type Folder = (text: string) => string[];

/** Upper-case words of letters and digits, accents off: `M/s. Café & Söhne` → M, S, CAFE, SOHNE. */
export function foldWords(text: string): string[] {
  // Nearly every statement; the general way takes three times as long.
  if (isAscii(text)) return text.toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  const plain = text.normalize("NFKD").replace(/\p{Mn}+/gu, "");
  return plain.toUpperCase().match(/[\p{L}\p{N}\p{Mc}]+/gu) ?? [];
}

/** foldWords that remembers. */
export const createFolder = (): Folder => remember(foldWords);

/** Calls `make` once for each text. */
export function remember<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    known.set(text, made);
    return made;
  };
}

const TITLES = new Set(
  "MR MRS MS MISS MX MASTER DR PROF SIR SHRI SHREE SRI SMT KUM KUMARI SH CA ADV".split(" "),
);

/** What a company's legal form is written as, whole or cut off by a narration's width. */
const LEGAL_FORMS = new Set(
  (
    "LTD LIMITED LIMITE LIMIT LIMI LIM PVT PRIVATE PRIVAT PRIVA PRIV PRI P LLP PLC INC INCORPORATED CORP " +
    "CORPORATION CO COMPANY LLC OPC GMBH"
  ).split(" "),
);

/** A name with one of these is a business, not a person, though it may hold the owner's name. */
const BUSINESS = new Set(
  (
    "LTD LIMITED PVT PRIVATE LLP PLC INC CORP CORPORATION COMPANY LLC GMBH TRADERS TRADING ENTERPRISE ENTERPRISES " +
    "INDUSTRIES INDUSTRY STORE STORES MART AGENCY AGENCIES ASSOCIATES SERVICES SOLUTIONS TECHNOLOGIES CONSULTING " +
    "CONSULTANTS CONSTRUCTION BUILDERS MOTORS MEDICAL MEDICALS PHARMACY HOTEL RESTAURANT BAKERY TEXTILES GARMENTS " +
    "MILLS FINANCE FINSERV BANK TRUST FOUNDATION SOCIETY SCHOOL COLLEGE HOSPITAL COUNCIL UNIVERSITY GROUP HOLDINGS " +
    "SYSTEMS SOFTWARE LABS MEDIA LOGISTICS EXPORTS IMPORTS TRANSPORT TRAVELS CONSTRUCTIONS ELECTRONICS " +
    "JEWELLERS CATERERS FOODS CAFE CLINIC DENTAL SALON INSURANCE ENERGY ANALYTICS TECHNOLOGY TECH INFOTECH SOFTTECH " +
    "BIOTECH FINTECH DIGITAL NETWORKS VENTURES MANAGEMENT PHARMA PHARMACEUTICALS LABORATORIES AUTOMOBILES AUTOMOTIVE " +
    "INFRASTRUCTURE PROJECTS ENGINEERING CHEMICALS PLASTICS PRODUCTS STUDIO STUDIOS PARTNERS RETAIL RESEARCH " +
    "MANPOWER STAFFING RECRUITMENT AIRLINES AIRWAYS BPO OUTSOURCING EDUCATION ACADEMY INSTITUTE DEPARTMENT MINISTRY " +
    "GOVT GOVERNMENT TREASURY RAILWAYS NHS INTERNATIONAL GLOBAL COMMUNICATIONS TELECOM MARKETING MANUFACTURING " +
    "DISTRIBUTORS WHOLESALE CONSULTANCY INNOVATIONS"
  ).split(" "),
);

/** `TECHNOLO`, `ENTERPRI`: from here on the beginning of such a word is no name of a person's. */
const SHORTEST_BUSINESS_CUT = 6;
const CUT_BUSINESS = new Set(
  [...BUSINESS].flatMap((word) =>
    Array.from({ length: Math.max(0, word.length - SHORTEST_BUSINESS_CUT) }, (_, more) =>
      word.slice(0, SHORTEST_BUSINESS_CUT + more),
    ),
  ),
);

/** Words of a person's name, titles off. */
export const personWords = (words: readonly string[]): string[] => words.filter((word) => !TITLES.has(word));

/** Words of a company's name without `M/s`, `The` and the legal form; the words as they are where nothing remains. */
export function companyWords(words: readonly string[]): string[] {
  let start = 0;
  if (words[0] === "M" && words[1] === "S") start = 2;
  if (words[start] === "THE") start += 1;
  let end = words.length;
  while (end > start && LEGAL_FORMS.has(words[end - 1] ?? "")) end -= 1;
  return end > start ? words.slice(start, end) : [...words];
}

/** The last word may be cut off by the narration's width. */
export const isBusiness = (words: readonly string[]): boolean =>
  words.some((word) => BUSINESS.has(word)) || CUT_BUSINESS.has(words.at(-1) ?? "");

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}
