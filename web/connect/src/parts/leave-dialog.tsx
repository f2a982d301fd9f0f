/** Asks before the customer leaves. The browser's own dialog: it holds the focus and heeds Escape. */
import { useEffect, useRef } from "react";
import { useSpeech } from "../i18n/context.ts";

export function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closed while it is still there, so that the browser gives the focus back to where it was.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="leave-title"
      aria-describedby="leave-text"
      onCancel={(event) => {
        event.preventDefault();
        onStay();
      }}
    >
      <h2 id="leave-title">{t.leaveTitle}</h2>
      <p id="leave-text">{t.leaveText}</p>
      <div className="actions">
        <button type="button" onClick={onLeave}>
          {t.leave}
        </button>
        <button type="button" className="primary" onClick={onStay}>
          {t.leaveStay}
        </button>
      </div>
    </dialog>
  );
}
