/** The steps of an open journey, and what they tell whoever opened it. */
import { useEffect, useState } from "react";
import { codeOf, type Api, type BankItem, type JourneyBody, type StatementItem } from "./api.ts";
import { uploadFault } from "./faults.ts";
import type { Host } from "./host.ts";
import { useSpeech } from "./i18n/context.ts";
import type { Return } from "./link.ts";
import { BankPage } from "./pages/bank.tsx";
import type { End } from "./pages/end.tsx";
import { ReviewPage } from "./pages/review.tsx";
import { UploadPage } from "./pages/upload.tsx";
import { OnlinePage, WayPage } from "./pages/way.tsx";
import { isFetching, useLooking } from "./parts/connections.tsx";
import { useStep, type Step } from "./step.ts";
import { useUploads, type Item, type Uploads } from "./uploads.ts";

interface StepsProps {
  api: Api;
  host: Host;
  journey: JourneyBody;
  onJourney: (journey: JourneyBody) => void;
  onEnd: (end: End) => void;
  returned: Return | null;
}

/** Refusals that end the journey, whatever was asked. */
const OVER: Readonly<Record<string, End>> = { SESSION_EXPIRED: "expired", SESSION_DELETED: "deleted" };

export function Steps(props: StepsProps) {
  const { journey } = props;
  // Names of banks that were chosen: the address holds their identifiers.
  const [chosen, setChosen] = useState<BankItem | null>(null);
  const [step, go] = useStep(journey);
  const [said, setSaid] = useState("");
  const uploads = useFiles(props, setSaid);
  const share = useShare(props);
  const away = useAway(journey, go);
  useLooking(away.isAway || isFetching(journey), props.api, props.onJourney);
  const bank = bankOf(step.name === "bank" ? "" : step.bank, journey, chosen);
  return (
    <>
      <p className="unseen" role="status">
        {said}
      </p>
      <StepPage key={step.name} {...{ ...props, step, go, bank, uploads, share, away, setChosen }} />
    </>
  );
}

interface StepPageProps extends StepsProps {
  step: Step;
  go: (step: Step) => void;
  bank: { id: string; name: string };
  uploads: Uploads;
  share: ReturnType<typeof useShare>;
  away: ReturnType<typeof useAway>;
  setChosen: (bank: BankItem | null) => void;
}

function StepPage(props: StepPageProps) {
  const { api, host, journey, returned, step, go, bank, uploads, share, away } = props;
  const { toBanks, toUpload, choose, takeBack, backFrom } = useMoves(props);
  switch (step.name) {
    case "bank":
      return <BankPage api={api} journey={journey} onChosen={choose} />;
    case "way":
      return (
        <WayPage
          bankName={bank.name}
          onOnline={() => go({ name: "online", bank: bank.id })}
          onUpload={toUpload}
          onBack={toBanks}
        />
      );
    case "online":
      return (
        <OnlinePage
          api={api}
          bank={bank}
          hasFailed={journey.connections.at(-1)?.status === "failed" || returned?.ok === false}
          isFramed={host.isFramed}
          {...away}
          onFault={(code) => host.tell({ status: "error", error_type: "NB000", reason: code })}
          onUpload={journey.ways.includes("pdf") ? toUpload : undefined}
          onBack={backFrom("net_banking_back", toBanks)}
        />
      );
    case "upload":
      return (
        <UploadPage
          journey={journey}
          uploads={uploads}
          bankName={bank.name}
          onFiles={(files) => uploads.add(files, bank.id)}
          onTakeBack={takeBack}
          onOtherBank={toBanks}
          onBack={backFrom("manual_upload_back", toBanks)}
          onContinue={() => go({ name: "review", bank: bank.id })}
        />
      );
    case "review":
      return (
        <ReviewPage
          journey={journey}
          busy={share.busy}
          fault={share.fault}
          onBack={() => go({ name: "upload", bank: bank.id })}
          onShare={share.run}
        />
      );
  }
}

/** From step to step, telling the host of it. */
function useMoves({ api, host, journey, onJourney, onEnd, go, bank, setChosen }: StepPageProps) {
  const toUpload = () => {
    host.tell({ status: "info", event_name: "manual", message: bank.name });
    go({ name: "upload", bank: bank.id });
  };
  const choose = (item: BankItem | null) => {
    setChosen(item);
    host.tell({ status: "info", event_name: "bank_selected", message: item?.name ?? "other" });
    const online = item?.net_banking === true && journey.ways.includes("online");
    if (online) go({ name: journey.ways.length > 1 ? "way" : "online", bank: item.id });
    else go({ name: "upload", bank: item?.id ?? "" });
  };
  const takeBack = ({ id }: StatementItem) => {
    const taken = (after: JourneyBody) => {
      onJourney(after);
      // The button that had the focus is gone with its file.
      document.querySelector<HTMLElement>(".drop input")?.focus();
    };
    api.takeBack(id).then(taken, (error: unknown) => {
      const end = OVER[codeOf(error)];
      if (end) onEnd(end);
    });
  };
  const backFrom = (event_name: "manual_upload_back" | "net_banking_back", back: (() => void) | undefined) =>
    back &&
    (() => {
      host.tell({ status: "info", event_name, message: bank.name });
      back();
    });
  const toBanks = journey.bank ? undefined : () => go({ name: "bank" });
  return { toBanks, toUpload, choose, takeBack, backFrom };
}

function useFiles(
  { api, host, journey, onJourney, onEnd }: StepsProps,
  say: (words: string) => void,
): Uploads {
  const { t } = useSpeech();
  const onRead = (after: JourneyBody, { file }: Item) => {
    say(t.wasRead(file.name));
    onJourney(after);
  };
  const onRefused = (code: string, { file, bank }: Item) => {
    say(code === "PASSWORD_INCORRECT" ? t.needsPassword(file.name) : t.wasRefused(file.name));
    const range = `${dmy(journey.from_date)} to ${dmy(journey.to_date)}`;
    const fault = uploadFault(code, { bank, range });
    if (fault) host.tell({ status: "error", ...fault });
    const end = OVER[code];
    if (end) onEnd(end);
  };
  return useUploads(api, journey.max_upload_bytes, { onRead, onRefused });
}

/** Net banking in another window: once a bank has answered there, this one goes on. */
function useAway({ connections }: JourneyBody, go: (step: Step) => void) {
  const [before, setBefore] = useState<number | null>(null);
  const visit = connections.at(-1);
  useEffect(() => {
    if (before === null || connections.length <= before || !visit || visit.status === "failed") return;
    setBefore(null);
    go({ name: "upload", bank: visit.bank.id });
  }, [before, connections.length, visit, go]);
  return { isAway: before !== null, onAway: () => setBefore(connections.length) };
}

function useShare({ api, onJourney, onEnd }: StepsProps) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const run = () => {
    setBusy(true);
    setFault(null);
    api.finish().then(onJourney, (error: unknown) => {
      const code = codeOf(error);
      const end = OVER[code];
      setBusy(false);
      if (end) onEnd(end);
      else setFault(code);
    });
  };
  return { busy, fault, run };
}

/** After a reload the chosen bank's name is known where an account of it is; else its identifier does. */
function bankOf(id: string, { bank, accounts, connections }: JourneyBody, chosen: BankItem | null) {
  const visited = [...accounts, ...connections].map((one) => one.bank);
  const known = [bank, chosen, ...visited];
  return known.find((one) => one?.id === id) ?? { id, name: id.toUpperCase() };
}

const dmy = (day: string): string => day.split("-").reverse().join("/");
