/** One account with its statements and what is missing of it. */
import type { AccountItem, StatementItem } from "../api.ts";
import { faultWords, useSpeech } from "../i18n/context.ts";
import { Coverage } from "./coverage.tsx";
import { Icon } from "./icons.tsx";
import { initialsOf } from "./layout.tsx";

interface AccountProps {
  account: AccountItem;
  months: readonly string[];
  /** Absent: nothing is taken back any more. */
  onTakeBack?: (statement: StatementItem) => void;
}

export function AccountCard({ account, months, onTakeBack }: AccountProps) {
  const { t } = useSpeech();
  const { bank, account_number: number } = account;
  const name = bank.name || bank.id.toUpperCase();
  return (
    <section className="account" aria-label={name}>
      <h2>
        <span className="monogram" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span>
          {name}
          {number !== null && <small>{t.accountEnding(number.slice(-4))}</small>}
        </span>
      </h2>
      <Coverage account={account} months={months} />
      <ul className="statements">
        {inTime(account.statements).map((statement) => (
          <Statement key={statement.id} statement={statement} onTakeBack={onTakeBack} />
        ))}
      </ul>
    </section>
  );
}

/** By the days that they cover; what covers none comes last. */
const inTime = (statements: readonly StatementItem[]): StatementItem[] =>
  [...statements].sort((a, b) => (a.from ?? "9").localeCompare(b.from ?? "9"));

interface StatementProps {
  statement: StatementItem;
  onTakeBack: ((statement: StatementItem) => void) | undefined;
}

function Statement({ statement, onTakeBack }: StatementProps) {
  const { t, f } = useSpeech();
  const { file_name: file, from, to, error_code: code } = statement;
  return (
    <li>
      <span className={code === null ? "file-icon good" : "file-icon"}>
        <Icon name={code === null ? "check" : "warn"} size={18} />
      </span>
      <div className="file-body">
        <p className="file-name">{file}</p>
        <p className="file-note">
          {code !== null
            ? `${t.statementFailed}: ${faultWords(t, code)}`
            : from !== null && to !== null && f.range(from, to)}
        </p>
      </div>
      {onTakeBack && (
        <button
          type="button"
          className="quiet square"
          onClick={() => onTakeBack(statement)}
          aria-label={t.removeFile(file)}
          title={t.remove}
        >
          <Icon name="bin" size={18} />
        </button>
      )}
    </li>
  );
}
