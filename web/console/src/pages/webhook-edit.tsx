export function EditWebhookPage() {
  return null;
}
