/** Visits of banks by net banking: under way, done, or come to nothing. */
import { useEffect } from "react";
import type { Api, ConnectionItem, JourneyBody } from "../api.ts";
import { useSpeech } from "../i18n/context.ts";
import { Icon } from "./icons.tsx";

export const isFetching = ({ connections }: Pick<JourneyBody, "connections">): boolean =>
  connections.some(({ status }) => status === "fetching");

export function Connections({ connections }: { connections: readonly ConnectionItem[] }) {
  if (connections.length === 0) return null;
  return (
    <div role="status">
      <ul className="files">
        {connections.map((connection, at) => (
          <Connection key={at} connection={connection} />
        ))}
      </ul>
    </div>
  );
}

const ICONS = { fetching: "link", completed: "check", failed: "warn" } as const;

function Connection({ connection: { bank, status } }: { connection: ConnectionItem }) {
  const { t } = useSpeech();
  const name = bank.name || bank.id.toUpperCase();
  const words = {
    fetching: t.onlineFetching(name),
    completed: t.onlineCompleted(name),
    failed: t.onlineNothing(name),
  };
  return (
    <li className={status === "failed" ? "file refused" : "file"}>
      <span className={status === "completed" ? "file-icon good" : "file-icon"}>
        <Icon name={ICONS[status]} />
      </span>
      <div className="file-body">
        <p className={status === "failed" ? "file-note fault" : undefined}>{words[status]}</p>
        {status === "fetching" && <progress aria-label={words.fetching} />}
      </div>
    </li>
  );
}

const LOOK_EVERY_MS = 2000;

/** While a bank is being asked, the server is asked how that goes. What fails is asked again by the next look. */
export function useLooking(active: boolean, api: Api, onJourney: (journey: JourneyBody) => void): void {
  useEffect(() => {
    if (!active) return;
    const look = () => void api.session().then(onJourney, () => undefined);
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [api, active, onJourney]);
}
