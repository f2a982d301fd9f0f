/** Session creation (reference §2.1, §2.2): what is sent beside `link_id`, and the answer. */

export interface CreationCase {
  what: string;
  /** Undefined as a value leaves the field out. */
  send: Record<string, unknown>;
  /** Which versions take it; both where it is absent. */
  only?: "v1" | "v2";
  /** Also as a form: only where every value is text. */
  form?: true;
  /** Null: 200. */
  error: { status: number; code: string; message: string } | null;
}

const refused =
  (status: number, code: string) =>
  (message: string): NonNullable<CreationCase["error"]> => ({ status, code, message });
const invalid = refused(400, "INVALID_REQUEST");
const long = "x".repeat(501);
const url = (length: number) => `https://example.com/${"x".repeat(length - 20)}`;
const tooLong = (field: string, max: number) =>
  invalid(`${field}, Ensure this field has no more than ${max} characters.`);
const noChoice = (field: string) => invalid(`${field}, "xyz" is not a valid choice.`);
const noInteger = (field: string) => invalid(`${field}, A valid integer is required.`);
const noBoolean = (field: string) => invalid(`${field}, Must be a valid boolean.`);

const NO_BANK = refused(400, "INVALID_BANK_NAME")("Invalid bank identifier.");
const BANK_MISSING = refused(400, "MISSING_BANK_NAME")("`bank_name` is required with `mode`.");
const NOT_AVAILABLE = refused(400, "MODE_NOT_AVAILABLE")("Specified mode not available for this bank.");
const NOT_ENABLED = refused(403, "MODE_NOT_ENABLED")("Specified mode not enabled. Contact FinBox Admin.");
const BAD_DATE = refused(
  400,
  "INVALID_DATE_FORMAT",
)("Invalid `from_date` or `to_date` format. Use `DD/MM/YYYY`.");
const BAD_MAX_DATE = refused(
  400,
  "INVALID_DATE_FORMAT",
)("Invalid `max_from_date` or `max_to_date` format. Use `DD/MM/YYYY`.");
const BAD_RANGE = refused(400, "INVALID_DATE_RANGE")("`from_date` cannot be greater or equal to `to_date`.");
const BAD_MAX_RANGE = refused(
  400,
  "INVALID_DATE_RANGE",
)("`max_from_date` cannot be greater or equal to `max_to_date`.");
const DATE_MISSING = refused(400, "MISSING_DATE_FIELD")("`from_date` and `to_date` are required.");
const BAD_MOBILE = refused(400, "INVALID_MOBILE_NUMBER")("Invalid mobile number.");
const BAD_EXPIRY = refused(
  400,
  "INVALID_SESSION_EXPIRY",
)("Session expiry should be int, Min value is 5 and Max is 43200 in minutes");
const BAD_TENURE = refused(400, "INVALID_AA_PARAMETER")("Tenure must be between 1 and 84");
const BAD_AA = refused(400, "INVALID_AA_PARAMETER")("Invalid AA parameter");
const missingAa = refused(400, "MISSING_AA_PARAMETER");

const range = (from_date: unknown, to_date: unknown) => ({ from_date, to_date });
const maxRange = (max_from_date: unknown, max_to_date: unknown) => ({ max_from_date, max_to_date });
const recurring = { aa_journey_mode: "only_recurring", bank_name: "hdfc", mode: "pdf" };
const often = { aa_recurring_frequency_unit: "month", aa_recurring_frequency_value: 1 };
const consent = (dates: object) => ({ aa_journey_code: "BCAA001", consents: { CC0001: dates } });

const FIELDS: readonly CreationCase[] = [
  { what: "no link_id", send: { link_id: undefined }, error: invalid("link_id, This field is required.") },
  { what: "link_id of 501", send: { link_id: long }, form: true, error: tooLong("link_id", 500) },
  { what: "link_id of 500", send: { link_id: long.slice(1) }, form: true, error: null },
  { what: "redirect_url of 201", send: { redirect_url: url(201) }, form: true, error: tooLong("redirect_url", 200) },
  { what: "redirect_url of 200", send: { redirect_url: url(200) }, error: null },
  { what: "redirect_url that is none", send: { redirect_url: "nope" }, form: true, error: invalid("redirect_url, Enter a valid URL.") },
  { what: "logo_url that is none", send: { logo_url: "nope" }, form: true, error: invalid("logo_url, Enter a valid URL.") },
  { what: "logo_url", send: { logo_url: "https://example.com/logo.png" }, form: true, error: null },
  { what: "bank_name of 51", send: { bank_name: long.slice(450) }, error: tooLong("bank_name", 50) },
  { what: "journey_mode of 51", send: { journey_mode: long.slice(450) }, error: tooLong("journey_mode", 50) },
  { what: "journey_mode multi_pdf", send: { journey_mode: "multi_pdf" }, form: true, error: null },
  { what: "journey_mode multi_banking", send: { journey_mode: "multi_banking" }, error: null },
  { what: "mode xyz", send: { mode: "xyz", bank_name: "hdfc" }, form: true, error: noChoice("mode") },
  { what: "is_mobile_field_editable maybe", send: { is_mobile_field_editable: "maybe" }, form: true, error: noBoolean("is_mobile_field_editable") },
  { what: "is_mobile_field_editable", send: { is_mobile_field_editable: true }, error: null },
  { what: "accept_anything maybe", send: { accept_anything: "maybe" }, error: noBoolean("accept_anything") },
  { what: "accept_anything", send: { accept_anything: true }, error: null },
  { what: "metadata that is no object", send: { metadata: ["x"] }, error: invalid("Something went wrong") },
  { what: "metadata", send: { metadata: { names: ["A. Sample"], employer_names: [], companies_for_self_transfer: ["Sample Ltd"] } }, error: null },
  { what: "fields that nobody knows", send: { no_such_field: "x" }, form: true, error: null },
]; // prettier-ignore

const MEANINGS: readonly CreationCase[] = [
  { what: "an unknown bank", send: { bank_name: "no_such_bank" }, form: true, error: NO_BANK },
  { what: "an unknown bank with a mode", send: { bank_name: "no_such_bank", mode: "pdf" }, error: NO_BANK },
  { what: "a bank", send: { bank_name: "hdfc" }, form: true, error: null },
  { what: "a bank in upper case", send: { bank_name: "HDFC" }, error: null },
  { what: "mode pdf without a bank", send: { mode: "pdf" }, form: true, error: BANK_MISSING },
  { what: "mode aa without a bank", send: { mode: "aa" }, error: BANK_MISSING },
  { what: "mode online without a bank", send: { mode: "online" }, error: BANK_MISSING },
  { what: "mode pdf", send: { mode: "pdf", bank_name: "hdfc" }, form: true, error: null },
  { what: "mode online, which the bank lacks", send: { mode: "online", bank_name: "abhyudaya" }, error: NOT_AVAILABLE },
  { what: "mode online, which nobody has set up", send: { mode: "online", bank_name: "hdfc" }, error: NOT_ENABLED },
  { what: "mode aa, which nobody has set up", send: { mode: "aa", bank_name: "hdfc" }, error: NOT_ENABLED },
  { what: "a range", send: range("01/01/2024", "31/03/2024"), form: true, error: null },
  { what: "from_date in another form", send: range("2024-01-01", "31/03/2024"), form: true, error: BAD_DATE },
  { what: "to_date in another form", send: range("01/01/2024", "31-03-2024"), error: BAD_DATE },
  { what: "a day that does not exist", send: range("31/02/2024", "31/03/2024"), error: BAD_DATE },
  { what: "month and day exchanged", send: range("01/01/2024", "03/31/2024"), error: BAD_DATE },
  { what: "one day", send: range("01/01/2024", "01/01/2024"), form: true, error: BAD_RANGE },
  { what: "dates exchanged", send: range("31/03/2024", "01/01/2024"), error: BAD_RANGE },
  { what: "from_date alone", send: { from_date: "01/01/2024" }, form: true, error: DATE_MISSING },
  { what: "to_date alone", send: { to_date: "31/03/2024" }, error: DATE_MISSING },
  { what: "max_from_date in another form", send: maxRange("2024-01-01", "31/03/2024"), error: BAD_MAX_DATE },
  { what: "max dates exchanged", send: maxRange("31/03/2024", "01/01/2024"), error: BAD_MAX_RANGE },
  { what: "max dates", send: maxRange("01/01/2024", "31/03/2024"), error: null },
  { what: "mobile_number of nine digits", send: { mobile_number: "123456789" }, form: true, error: BAD_MOBILE },
  { what: "mobile_number of eleven", send: { mobile_number: "12345678901" }, error: BAD_MOBILE },
  { what: "mobile_number of letters", send: { mobile_number: "abcdefghij" }, error: BAD_MOBILE },
  { what: "mobile_number", send: { mobile_number: "9000000001" }, form: true, error: null },
  { what: "session_expiry 4", send: { session_expiry: 4 }, error: BAD_EXPIRY },
  { what: "session_expiry 43201", send: { session_expiry: 43_201 }, error: BAD_EXPIRY },
  { what: "session_expiry soon", send: { session_expiry: "soon" }, form: true, error: BAD_EXPIRY },
  { what: "session_expiry 5.5", send: { session_expiry: 5.5 }, error: BAD_EXPIRY },
  { what: "session_expiry 5", send: { session_expiry: 5 }, error: null },
  { what: "session_expiry 43200, as text", send: { session_expiry: "43200" }, form: true, error: null },
  // Letter case is read as it comes (§9-18).
  { what: "a mode in upper case", send: { mode: "PDF", bank_name: "Hdfc" }, form: true, error: null },
]; // prettier-ignore

const AGGREGATOR: readonly CreationCase[] = [
  { what: "aa_journey_mode xyz", only: "v1", send: { aa_journey_mode: "xyz" }, error: noChoice("aa_journey_mode") },
  { what: "aa_recurring_frequency_unit xyz", only: "v1", send: { aa_recurring_frequency_unit: "xyz" }, error: noChoice("aa_recurring_frequency_unit") },
  { what: "a tenure in letters", only: "v1", send: { aa_recurring_tenure_month_count: "abc" }, form: true, error: noInteger("aa_recurring_tenure_month_count") },
  { what: "a frequency in letters", only: "v1", send: { aa_recurring_frequency_value: "abc" }, error: noInteger("aa_recurring_frequency_value") },
  { what: "a tenure of 0", only: "v1", send: { aa_recurring_tenure_month_count: 0 }, error: BAD_TENURE },
  { what: "a tenure of 85", only: "v1", send: { aa_recurring_tenure_month_count: 85 }, error: BAD_TENURE },
  { what: "a tenure of 85 under its other name", only: "v1", send: { aa_recurring_tenure_month: 85 }, error: BAD_TENURE },
  { what: "a tenure of 84", only: "v1", send: { aa_recurring_tenure_month_count: 84 }, error: null },
  { what: "a frequency of 0", only: "v1", send: { aa_recurring_frequency_value: 0 }, error: BAD_AA },
  { what: "a frequency of 6", only: "v1", send: { aa_recurring_frequency_value: 6 }, error: BAD_AA },
  { what: "recurring without bank and mode", only: "v1", send: { aa_journey_mode: "only_recurring" }, error: missingAa("`bank_name` and `mode` required") },
  { what: "recurring without a frequency", only: "v1", send: recurring, error: missingAa("Frequency unit/value required") },
  { what: "recurring without a tenure", only: "v1", send: { ...recurring, ...often }, error: missingAa("Required AA parameter is missing") },
  { what: "recurring", only: "v1", send: { ...recurring, ...often, aa_recurring_tenure_month_count: 12 }, error: null },
  { what: "once", only: "v1", send: { aa_journey_mode: "only_once" }, form: true, error: null },
  ...["BCAA001", "BCAA002", "BCAA003", "BCAA004"].map(
    (aa_journey_code): CreationCase => ({ what: aa_journey_code, only: "v2", send: { aa_journey_code }, form: true, error: null }),
  ),
  { what: "an unknown aa_journey_code", only: "v2", send: { aa_journey_code: "BCAA999" }, error: BAD_AA },
  { what: "consents", only: "v2", send: consent({ ...range("01/01/2024", "31/03/2024"), consent_expiry: "01/04/2024" }), error: null },
  { what: "consents of one field", only: "v2", send: consent({ from_date: "01/01/2024" }), error: null },
  { what: "a consent's date in another form", only: "v2", send: consent(range("2024-01-01", "31/03/2024")), error: BAD_DATE },
  { what: "a consent's dates exchanged", only: "v2", send: consent(range("31/03/2024", "01/01/2024")), error: BAD_RANGE },
  { what: "bank for bank_name", only: "v2", send: { bank: "hdfc", mode: "pdf" }, form: true, error: null },
  { what: "an unknown bank under that name", only: "v2", send: { bank: "no_such_bank" }, error: NO_BANK },
]; // prettier-ignore

export const CREATION: readonly CreationCase[] = [...FIELDS, ...MEANINGS, ...AGGREGATOR];
