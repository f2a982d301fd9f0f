/** The journey as a whole: what the server says of the session decides what is shown. */
import { useCallback, useEffect, useEffectEvent, useMemo, useState } from "react";
import { codeOf, type Api, type JourneyBody } from "./api.ts";
import { NET_BANKING_FAULTS } from "./faults.ts";
import { createHost, type Host } from "./host.ts";
import { useSpeech } from "./i18n/context.ts";
import { forgetReturn, type Return } from "./link.ts";
import { EndPage, type End } from "./pages/end.tsx";
import { Layout } from "./parts/layout.tsx";
import { LeaveDialog } from "./parts/leave-dialog.tsx";
import { Steps } from "./steps.tsx";
import { applyBrand } from "./theme.ts";

type Loaded = { journey: JourneyBody } | { end: End } | null;

/** What a refusal to tell of the session means to the customer. */
const ENDS: Readonly<Record<string, End>> = {
  SESSION_DELETED: "deleted",
  SESSION_NOT_FOUND: "unknown",
  ACCESS_DENIED: "unknown",
};

export function App({ api, returned }: { api: Api; returned: Return | null }) {
  const { t } = useSpeech();
  const [loaded, setLoaded] = useState<Loaded>(null);
  const load = useCallback(() => {
    setLoaded(null);
    api.session().then(
      (journey) => {
        applyBrand(journey.brand.color);
        setLoaded({ journey });
      },
      (error: unknown) => setLoaded({ end: ENDS[codeOf(error)] ?? "offline" }),
    );
  }, [api]);
  useEffect(load, [load]);
  if (loaded === null) return <Skeleton />;
  if ("end" in loaded) {
    const action = loaded.end === "offline" ? { words: t.retry, run: load } : undefined;
    return (
      <Layout brand={null}>
        <EndPage end={loaded.end} brand="" action={action} />
      </Layout>
    );
  }
  return (
    <Journey
      api={api}
      journey={loaded.journey}
      onJourney={(journey) => setLoaded({ journey })}
      returned={returned}
    />
  );
}

interface JourneyProps {
  api: Api;
  journey: JourneyBody;
  onJourney: (journey: JourneyBody) => void;
  returned: Return | null;
}

function Journey({ api, journey, onJourney, returned }: JourneyProps) {
  const { t } = useSpeech();
  const { brand, state } = journey;
  const { link_id, session_id, redirect_url } = journey;
  const origins = journey.origins.join(" ");
  const host = useMemo(
    () => createHost({ link_id, session_id, redirect_url, origins: origins.split(" ").filter(Boolean) }),
    [link_id, session_id, redirect_url, origins],
  );
  const [asking, setAsking] = useState(false);
  const [end, setEnd] = useState<End | null>(null);
  const canGoBack = !host.isFramed && redirect_url !== null;

  const leave = useCallback(() => {
    setAsking(false);
    host.tell({ status: "exit", message: t.exitMessage });
    if (!host.leave(false)) setEnd("left");
  }, [host, t]);
  useReturn(host, returned);
  useExpiry(api, journey, onJourney);
  // However it ended: shared here, or complete because a bank's data was, perhaps before they were back.
  const [wasOpen] = useState(state === "open" || returned?.ok === true);
  useEffect(() => {
    if (!wasOpen || state !== "finished") return;
    host.tell({ status: "success" });
    setEnd(host.leave(true) ? "leaving" : "done");
  }, [host, state, wasOpen]);
  useEscape(state === "open" && end === null && host.isFramed, () => setAsking(true));

  const shown = end ?? (state === "finished" ? "done" : state === "expired" ? "expired" : null);
  if (shown !== null) {
    const back = () => (state === "finished" ? host.leave(true) : leave());
    const action = canGoBack && shown !== "left" ? { words: t.goBack(brand.name), run: back } : undefined;
    return (
      <Layout brand={brand}>
        <EndPage key={shown} end={shown} brand={brand.name} action={action} />
      </Layout>
    );
  }
  return (
    <Layout brand={brand} expiresAt={journey.expires_at} onLeave={() => setAsking(true)}>
      <Steps
        api={api}
        host={host}
        journey={journey}
        onJourney={onJourney}
        onEnd={setEnd}
        returned={returned}
      />
      {asking && <LeaveDialog onStay={() => setAsking(false)} onLeave={leave} />}
    </Layout>
  );
}

/** Whoever opened the journey hears what came of the visit of a bank. */
function useReturn(host: Host, returned: Return | null): void {
  useEffect(() => {
    if (returned === null) return;
    forgetReturn();
    if (!returned.ok)
      host.tell({
        status: "error",
        error_type: returned.errorType,
        reason: NET_BANKING_FAULTS[returned.errorType] ?? "",
      });
  }, [host, returned]);
}

/** Browsers wait no longer than that. */
const LONGEST_MS = 2 ** 31 - 1;

/** When its time has passed the server is asked what became of the session: this device's clock may be wrong. */
function useExpiry(api: Api, { state, expires_at }: JourneyBody, onJourney: JourneyProps["onJourney"]): void {
  const tell = useEffectEvent(onJourney);
  useEffect(() => {
    const left = Date.parse(expires_at) - Date.now();
    if (state !== "open" || left <= 0 || left > LONGEST_MS) return;
    const timer = setTimeout(() => void api.session().then(tell, () => undefined), left);
    return () => clearTimeout(timer);
  }, [api, state, expires_at]);
}

/** In a frame the page around it does not hear the key: here it asks whether to leave. */
function useEscape(active: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!active) return;
    const hear = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      // Or the same key would close the dialog that it opens.
      event.preventDefault();
      onEscape();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  });
}

function Skeleton() {
  const { t } = useSpeech();
  return (
    <Layout brand={null}>
      <div className="loading" role="status">
        <span className="unseen">{t.loading}</span>
        <span className="skeleton line" />
        <span className="skeleton line short" />
        <span className="skeleton block" />
      </div>
    </Layout>
  );
}
