/** Names and formats inside the insights: main predictors (reference §2.8), dates (§7), enumerations (§8.1 to §8.5). */
import { braces } from "./insights-bodies.ts";
import type { Shape } from "./shape.ts";

const MONTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const eachMonth = (stems: readonly string[]) => stems.flatMap((stem) => MONTHS.map((n) => `${stem}_${n}`));

/** The table of main predictors, row by row; `_N` is 0 to 11. Flags of §8.4 and trailing windows beside it are not listed there. */
export const PREDICTOR_KEYS: readonly string[] = [
  ..."accountnumber bank_name ifsc_code customer_name account_type ccod_limit bank_connect_status".split(" "),
  ..."start_date end_date month_duration banking_vintage_in_days banking_recency_in_days".split(" "),
  ..."credits debits total_income total_expense annualised_credit reversals".split(" "),
  ..."avg_daily_closing_balance avg_bank_balance avg_monthly_income avg_monthly_expense".split(" "),
  ..."is_salary_present total_salary_credits latest_salary_month".split(" "),
  ..."total_cash_withdrawal total_chq_deposit total_chq_issue pos_expenses total_creditcard_payment".split(
    " ",
  ),
  ..."total_emi_ecs_loan total_bounce_or_penal_charge".split(" "),
  ...eachMonth([
    "month",
    ..."credits debits number_of_transactions income expense expense_to_income_ratio".split(" "),
    ..."total_salary cnt_salary salary_date".split(" "),
    ...braces("balance_on_{1st,5th,10th,15th,20th,25th,30th}"),
    ...braces("balance_net_off_on_{1st,5th,10th,15th,20th,25th,30th}"),
    ..."bal_last max_balance min_balance avg_balance bal_avgof_6dates".split(" "),
    ...braces("total_{inward,outward}_chq_bounces_insuff_fund"),
    ..."total_emi_bounce total_inward_payment_bounce amt_loan_credits cnt_emi_debit obligation".split(" "),
    ...braces("{amt,cnt}_upi_credits"),
    ...braces("{amt,cnt}_upi_debits"),
    ...braces("{amt,cnt}_{cash_deposit,business_credit,self_transfer_credit,self_transfer_debit}"),
    "cnt_eod_bal_lt_500",
    "cnt_days_account_overdrawn",
  ]),
];

/** By key; `_0` stands for the newest month. */
export const PREDICTOR_FORMATS: Readonly<Record<string, Shape>> = {
  start_date: "DD-Mmm-YY",
  end_date: "DD-Mmm-YY",
  month_0: "Mmm-YY",
  month_11: "null",
  latest_salary_month: "Mmm-YYYY",
  bank_connect_status: "=Verified",
  account_type: "=individual|corporate",
  number_of_transactions_0: "int",
  credits_0: "num",
};

/** Of each month. */
export const MONTHLY_FORMATS: Readonly<Record<string, Shape>> = {
  start_date: "DD-Mmm-YYYY?",
  end_date: "DD-Mmm-YYYY?",
  transaction_start_date: "DD-Mmm-YY?",
  transaction_end_date: "DD-Mmm-YY?",
  highest_salary_date: "YMD?",
  closing_balance: "num?",
  cnt_transactions: "int",
};

const oneOf = (words: string): ReadonlySet<string> => new Set(["", ...words.split(" ")]);

/** §8.1; insights write `Other` for `Others`. */
export const CHANNELS = oneOf(
  "upi salary refund payment_gateway_purchase outward_cheque_bounce inward_cheque_bounce net_banking_transfer investment " +
    "investment_cashin international_transaction_arbitrage debit_card chq cash_withdrawl cash_deposit bill_payment " +
    "bank_interest bank_charge auto_debit_payment_bounce auto_debit_payment self_transfer demand_draft auto_credit Others",
);
/** §8.2, of the entity flow; insights add free text. */
export const DESCRIPTIONS = oneOf(
  "penalty_charge ach_bounce_charge chq_bounce_charge lender_transaction credit_card_bill telco_bill electric_bill " +
    "deposit_by_machine deposit_machine_words chq_bounce_insuff_funds neft_return",
);
/** §8.3. */
export const MERCHANTS = oneOf(
  "alcohol gambling shopping groceries entertainment medical travel food fuel investments trading bills ewallet loans " +
    "insurance tax bnpl",
);
