/** The contract's error types of uploads (reference §6); null: none of them, and nothing is told. */
export function uploadFault(
  code: string,
  { bank, range }: { bank: string; range: string },
): { error_type: string; reason: string } | null {
  switch (code) {
    case "PASSWORD_INCORRECT":
      return { error_type: "MU003", reason: "Password Incorrect" };
    case "BANK_NAME_MISMATCH":
      return { error_type: "MU004", reason: `Not ${bank} statement` };
    case "UNPARSABLE":
    case "EXTRACTION_FAILED":
    case "INVALID_FILE_OBJECT":
      return { error_type: "MU006", reason: "" };
    case "PDF_IS_IMAGE":
    case "STATEMENT_UNSUPPORTED_FORMAT":
    case "STATEMENT_NO_TRANSACTIONS":
    case "BANK_NAME_UNDETECTED":
    case "EMPTY_FILE":
      return { error_type: "MU020", reason: "Not a valid statement or bank is not supported" };
    case "OUT_OF_DATE_RANGE":
      return { error_type: "MU021", reason: `Please upload statements within the date range ${range}` };
    default:
      return null;
  }
}

/** The contract's failure messages of net banking. */
export const NET_BANKING_FAULTS: Readonly<Record<string, string>> = {
  NB000: "Failed to connect to the bank",
  NB003: "Login failed",
  NB004: "Invalid Captcha",
  NB005: "The bank ended the access",
};
