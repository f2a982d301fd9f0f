/** Files in, what was read of them, and what is still missing: the same page from the first file to the last. */
import { useSpeech } from "../i18n/context.ts";
import type { JourneyBody, StatementItem } from "../api.ts";
import { AccountCard } from "../parts/account-card.tsx";
import { Connections, isFetching } from "../parts/connections.tsx";
import { Months } from "../parts/coverage.tsx";
import { Dropzone } from "../parts/dropzone.tsx";
import { FileItem } from "../parts/file-item.tsx";
import { Page } from "../parts/layout.tsx";
import type { Uploads } from "../uploads.ts";

interface UploadProps {
  journey: JourneyBody;
  uploads: Uploads;
  /** Empty: whatever the file says. */
  bankName: string;
  onFiles: (files: File[]) => void;
  onTakeBack: (statement: StatementItem) => void;
  onOtherBank: (() => void) | undefined;
  onBack: (() => void) | undefined;
  onContinue: () => void;
}

export function UploadPage(props: UploadProps) {
  const { journey, uploads, bankName, onFiles, onTakeBack, onOtherBank, onBack, onContinue } = props;
  const { t, f } = useSpeech();
  const { accounts, months, ways } = journey;
  const takesFiles = ways.includes("pdf");
  const mayContinue = journey.may_finish && !uploads.isBusy && !isFetching(journey);
  return (
    <Page title={takesFiles ? t.uploadTitle : t.connectedTitle} step={{ now: 2, of: 3 }} onBack={onBack}>
      <p className="lead">
        {months.length > 0
          ? t.uploadLead(f.day(journey.from_date), f.day(journey.to_date))
          : t.uploadAnything}
      </p>
      {bankName !== "" && (
        <p className="from-bank">
          <span>{t.uploadFrom(bankName)}</span>
          {onOtherBank && (
            <button type="button" className="link" onClick={onOtherBank}>
              {t.otherBank}
            </button>
          )}
        </p>
      )}
      {accounts.length === 0 && months.length > 0 && <Months months={months} account={null} />}
      {takesFiles && <Dropzone onFiles={onFiles} />}
      <Connections connections={journey.connections} />
      {uploads.items.length > 0 && (
        <section aria-label={t.filesTitle}>
          <ul className="files">
            {uploads.items.map((item) => (
              <FileItem key={item.key} item={item} uploads={uploads} />
            ))}
          </ul>
        </section>
      )}
      {accounts.map((account) => (
        <AccountCard key={account.id} account={account} months={months} onTakeBack={onTakeBack} />
      ))}
      <div className="actions">
        <button
          type="button"
          className="primary"
          aria-disabled={!mayContinue}
          onClick={mayContinue ? onContinue : undefined}
        >
          {t.continue}
        </button>
      </div>
    </Page>
  );
}
