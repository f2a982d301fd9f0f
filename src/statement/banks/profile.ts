/** What tells one bank from all others. A new bank is a value of this shape in the file of its region. */
export interface BankProfile {
  /** The contract's identifier in lower case where it names the bank; else our own. */
  id: string;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** How the page head names it; matched against a whole line. */
  names: readonly RegExp[];
  /** First four letters of its branches' codes. */
  ifscPrefixes?: readonly string[];
  /** First four to eight letters of its BICs; four where the institution is one bank everywhere. */
  bics?: readonly string[];
  /** Country and bank part of its IBANs: `NL` and what follows the check digits. */
  ibans?: readonly { country: string; bankCode: string }[];
  /** Registered domains, without `www.`. */
  domains?: readonly string[];
  /** Sort codes that no other bank uses, as `04-00-04`. */
  sortCodes?: readonly string[];
}
