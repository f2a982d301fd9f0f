/** Files by choosing or by dropping. The input itself is what the keyboard and the phone's own picker use. */
import { useId, useRef, useState, type DragEvent } from "react";
import { useSpeech } from "../i18n/context.ts";
import { Icon } from "./icons.tsx";

/** By ending, for phones show by type what they know of types. What a file is, its content says. */
const ACCEPT =
  ".pdf,.xlsx,.csv,.txt,.ofx,.qfx,.sta,.mt940,.xml,application/pdf,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function Dropzone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useSpeech();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        id={id}
        type="file"
        multiple
        accept={ACCEPT}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again after it was removed.
          event.target.value = "";
        }}
      />
      <label htmlFor={id}>
        <span className="drop-icon">
          <Icon name="upload" size={24} />
        </span>
        <strong>{over ? t.dropOver : t.dropTitle}</strong>
        <span>{t.dropHint}</span>
      </label>
    </div>
  );
}
