/** How to share, and the step to the bank. */
import { useState } from "react";
import { codeOf, type Api } from "../api.ts";
import { useSpeech } from "../i18n/context.ts";
import { Icon } from "../parts/icons.tsx";
import { Page } from "../parts/layout.tsx";

interface WayProps {
  bankName: string;
  onOnline: () => void;
  onUpload: () => void;
  onBack: (() => void) | undefined;
}

export function WayPage({ bankName, onOnline, onUpload, onBack }: WayProps) {
  const { t } = useSpeech();
  return (
    <Page title={t.wayTitle(bankName)} step={{ now: 1, of: 3 }} onBack={onBack}>
      <div className="ways">
        <button type="button" className="way" onClick={onOnline}>
          <Icon name="link" size={24} />
          <span>
            <strong>{t.wayOnline}</strong>
            <small>{t.wayOnlineHint}</small>
          </span>
        </button>
        <button type="button" className="way" onClick={onUpload}>
          <Icon name="file" size={24} />
          <span>
            <strong>{t.wayUpload}</strong>
            <small>{t.wayUploadHint}</small>
          </span>
        </button>
      </div>
    </Page>
  );
}

interface OnlineProps {
  api: Api;
  bank: { id: string; name: string };
  /** The last visit came to nothing. */
  hasFailed: boolean;
  isFramed: boolean;
  /** The customer went on in another window. */
  isAway: boolean;
  onAway: () => void;
  onFault: (code: string) => void;
  onUpload: (() => void) | undefined;
  onBack: (() => void) | undefined;
}

/**
 * No bank's page runs in a frame, and no cookie of ours in another site's: from a frame the journey opens in a window of
 * its own, at this very step, and goes to the bank from there.
 */
export function OnlinePage({
  api,
  bank,
  hasFailed,
  isFramed,
  isAway,
  onAway,
  onFault,
  onUpload,
  onBack,
}: OnlineProps) {
  const { t } = useSpeech();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(hasFailed);
  const go = () => {
    if (isFramed) {
      window.open(location.href, "_blank", "noopener");
      onAway();
      return;
    }
    setBusy(true);
    api.connectBank(bank.id).then(
      (url) => location.assign(url),
      (error: unknown) => {
        setBusy(false);
        setFailed(true);
        onFault(codeOf(error));
      },
    );
  };
  return (
    <Page title={t.onlineTitle(bank.name)} step={{ now: 2, of: 3 }} onBack={onBack}>
      <p className="lead">{t.onlineLead}</p>
      {isAway && (
        <p className="verdict" role="status">
          <Icon name="link" size={18} /> <span>{t.onlineAway}</span>
        </p>
      )}
      {failed && !isAway && (
        <p className="verdict lacking" role="alert">
          <Icon name="warn" size={18} /> <span>{t.onlineFailed}</span>
        </p>
      )}
      <div className="actions">
        {onUpload && (
          <button type="button" onClick={onUpload}>
            {t.wayUpload}
          </button>
        )}
        <button type="button" className="primary" aria-disabled={busy} onClick={busy ? undefined : go}>
          {t.onlineGo(bank.name)}
        </button>
      </div>
    </Page>
  );
}
