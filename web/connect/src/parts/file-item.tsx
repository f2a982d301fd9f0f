/** One file that is on its way, waits for its password, or was refused. */
import { useEffect, useId, useRef, useState, type SyntheticEvent } from "react";
import { faultWords, useSpeech } from "../i18n/context.ts";
import type { Item, Uploads } from "../uploads.ts";
import { Icon } from "./icons.tsx";

export function FileItem({ item, uploads }: { item: Item; uploads: Uploads }) {
  const { t } = useSpeech();
  const { key, file, phase } = item;
  return (
    <li className={phase.name === "refused" ? "file refused" : "file"}>
      <span className="file-icon">
        <Icon name={phase.name === "locked" ? "lock" : phase.name === "refused" ? "warn" : "file"} />
      </span>
      <div className="file-body">
        <p className="file-name">{file.name}</p>
        <PhaseLine item={item} uploads={uploads} />
      </div>
      {phase.name !== "sending" && (
        <button
          type="button"
          className="quiet square"
          onClick={() => uploads.drop(key)}
          aria-label={t.removeFile(file.name)}
          title={t.remove}
        >
          <Icon name="close" size={18} />
        </button>
      )}
    </li>
  );
}

/** Where another try with the same file may go better. */
const PASSING = new Set(["NETWORK", "TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "INTERNAL_ERROR"]);

function PhaseLine({ item, uploads }: { item: Item; uploads: Uploads }) {
  const { t, f } = useSpeech();
  const { key, file, phase } = item;
  switch (phase.name) {
    case "waiting":
      return <p className="file-note">{t.waiting}</p>;
    case "sending": {
      const isSent = phase.part >= 1;
      const words = isSent ? t.reading : t.sending(f.percent(phase.part));
      return (
        <>
          <p className="file-note">{words}</p>
          {/* Without a value it is under way: how long reading takes is not known. */}
          <progress aria-label={`${file.name}: ${words}`} {...(isSent ? {} : { value: phase.part })} />
        </>
      );
    }
    case "locked":
      return <PasswordForm item={item} wrong={phase.wrong} onGiven={(text) => uploads.unlock(key, text)} />;
    case "refused":
      return (
        <>
          <p className="file-note fault">{faultWords(t, phase.code)}</p>
          {PASSING.has(phase.code) && (
            <button type="button" className="small" onClick={() => uploads.retry(key)}>
              {t.retry}
            </button>
          )}
        </>
      );
  }
}

interface PasswordProps {
  item: Item;
  wrong: boolean;
  onGiven: (password: string) => void;
}

function PasswordForm({ item, wrong, onGiven }: PasswordProps) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const [shown, setShown] = useState(false);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // Whoever has just chosen the file goes on here; whoever is elsewhere is not called away.
  useEffect(() => {
    if (document.activeElement?.matches("body, input[type=file], button[type=submit]"))
      field.current?.focus();
  }, [wrong]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text !== "") onGiven(text);
  };
  return (
    <form className="password" onSubmit={submit}>
      <label htmlFor={id}>{t.passwordLabel(item.file.name)}</label>
      <div className="password-line">
        <input
          ref={field}
          id={id}
          type={shown ? "text" : "password"}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          required
          aria-describedby={`${id}-hint`}
          aria-invalid={wrong}
        />
        <button type="button" className="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t.passwordHide : t.passwordShow}
        </button>
        <button type="submit" className="primary">
          {t.passwordOpen}
        </button>
      </div>
      <p id={`${id}-hint`} className={wrong ? "file-note fault" : "file-note"}>
        {wrong ? t.passwordWrong : t.passwordHint}
      </p>
    </form>
  );
}
