export function BankconnectPage() {
  return null;
}
