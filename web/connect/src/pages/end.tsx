/** Where a journey ends, or cannot begin. */
import { useSpeech } from "../i18n/context.ts";
import type { Words } from "../i18n/en.ts";
import { Icon } from "../parts/icons.tsx";
import { Page } from "../parts/layout.tsx";

export type End = "done" | "leaving" | "left" | "expired" | "deleted" | "unknown" | "offline";

interface Told {
  icon: "check" | "clock" | "bin" | "warn";
  title: keyof Words & `${string}Title`;
  text: (t: Words, brand: string) => string;
}

const ENDS: Readonly<Record<End, Told>> = {
  done: { icon: "check", title: "doneTitle", text: (t, brand) => t.doneText(brand) },
  leaving: { icon: "check", title: "doneTitle", text: (t, brand) => t.doneLeaving(brand) },
  left: { icon: "check", title: "leftTitle", text: (t) => t.leftText },
  expired: { icon: "clock", title: "expiredTitle", text: (t, brand) => t.expiredText(brand) },
  deleted: { icon: "bin", title: "deletedTitle", text: (t) => t.deletedText },
  unknown: { icon: "warn", title: "unknownTitle", text: (t) => t.unknownText },
  offline: { icon: "warn", title: "offlineTitle", text: (t) => t.offlineText },
};

interface EndProps {
  end: End;
  brand: string;
  /** Back to whoever sent the customer, or another try. */
  action?: { words: string; run: () => void } | undefined;
}

export function EndPage({ end, brand, action }: EndProps) {
  const { t } = useSpeech();
  const { icon, title, text } = ENDS[end];
  const words = t[title];
  const isGood = end === "done" || end === "leaving";
  const sign = (
    <span className={isGood ? "end-icon good" : "end-icon"}>
      <Icon name={icon} size={32} />
    </span>
  );
  return (
    <Page title={typeof words === "string" ? words : ""} sign={sign}>
      <p className="lead">{text(t, brand)}</p>
      {action && (
        <div className="actions">
          <button type="button" className="primary" onClick={action.run}>
            {action.words}
          </button>
        </div>
      )}
    </Page>
  );
}
