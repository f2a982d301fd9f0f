/** What will be shared, once more, and the button that shares it. */
import type { JourneyBody } from "../api.ts";
import { faultWords, useSpeech } from "../i18n/context.ts";
import { AccountCard } from "../parts/account-card.tsx";
import { isWhole } from "../parts/coverage.tsx";
import { Icon } from "../parts/icons.tsx";
import { Page } from "../parts/layout.tsx";

interface ReviewProps {
  journey: JourneyBody;
  busy: boolean;
  fault: string | null;
  onBack: () => void;
  onShare: () => void;
}

export function ReviewPage({ journey, busy, fault, onBack, onShare }: ReviewProps) {
  const { t } = useSpeech();
  const { accounts, months, brand } = journey;
  return (
    <Page title={t.reviewTitle} step={{ now: 3, of: 3 }} onBack={onBack}>
      <p className="lead">{t.reviewLead(brand.name)}</p>
      {accounts.map((account) => (
        <AccountCard key={account.id} account={account} months={months} />
      ))}
      {!accounts.every(isWhole) && <p className="hint">{t.reviewMissing}</p>}
      {fault !== null && (
        <p className="verdict lacking" role="alert">
          <Icon name="warn" size={18} /> <span>{faultWords(t, fault)}</span>
        </p>
      )}
      <div className="actions">
        <button type="button" onClick={onBack}>
          {t.back}
        </button>
        <button type="button" className="primary" aria-disabled={busy} onClick={busy ? undefined : onShare}>
          {busy ? t.sharing : t.share(brand.name)}
        </button>
      </div>
    </Page>
  );
}
