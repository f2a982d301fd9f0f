/**
 * The jobs of this folder by name; whoever changes what they look at adds them in the same transaction. Each is
 * safe to run late and twice. Payload of the first two: `{ env: number, consent | account: public id }`.
 */

/** After authorization: takes in the consent's accounts, then asks for each account's first sync. */
export const SYNC_CONSENT_TASK = "sync_consent";
/** Brings one account up to date. */
export const SYNC_ACCOUNT_TASK = "sync_account";
/** Cron: asks for the sync of each account whose `auto_sync_interval` has passed. */
export const SYNC_DUE_TASK = "sync_due_accounts";
/** Cron: asks each bank whether it answers. */
export const PROBE_PROVIDERS_TASK = "probe_providers";
/** Cron: forgets which notifications of banks were taken, once none of them would be believed any more. */
export const DROP_NOTIFICATIONS_TASK = "drop_bank_notifications";
