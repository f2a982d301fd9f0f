export {
  verifyWebhook,
  WebhookVerificationError,
  type VerifiedWebhook,
  type VerifyFault,
  type VerifyOptions,
  type WebhookHeaders,
} from "./verify-webhook.ts";
export {
  BankbellError,
  createBankbellClient,
  type BankbellClient,
  type ClientOptions,
  type CreatedSession,
  type NewSession,
  type Progress,
  type SessionStatus,
  type SessionTransaction,
  type StepStatus,
  type Upload,
  type UploadedStatement,
  type WaitOptions,
} from "./client.ts";
