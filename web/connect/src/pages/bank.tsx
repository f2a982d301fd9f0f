/** Which bank? The list is loaded here only: most of it is never looked at. */
import { useEffect, useId, useState } from "react";
import { codeOf, type Api, type BankItem, type JourneyBody } from "../api.ts";
import { faultWords, useSpeech } from "../i18n/context.ts";
import { Icon } from "../parts/icons.tsx";
import { initialsOf, Page } from "../parts/layout.tsx";

interface BankProps {
  api: Api;
  journey: JourneyBody;
  /** Null: not listed. */
  onChosen: (bank: BankItem | null) => void;
}

/** Published for every bank; the big ones of the country that the contract comes from. */
const POPULAR = ["hdfc", "sbi", "icici", "axis", "kotak", "pnbbnk", "canara", "yesbnk"];
const MOST_SHOWN = 30;

export function BankPage({ api, journey, onChosen }: BankProps) {
  const { t, f } = useSpeech();
  const [banks, fault, again] = useBanks(api);
  const [text, setText] = useState("");
  const id = useId();
  const wanted = fold(text);
  const found = banks?.filter((bank) => wanted !== "" && matches(bank, wanted)) ?? [];
  const popular = POPULAR.flatMap((one) => banks?.find((bank) => bank.id === one) ?? []);
  const isSearching = wanted !== "";
  return (
    <Page title={t.bankTitle} step={{ now: 1, of: 3 }}>
      <p className="lead">{t.bankLead(journey.brand.name)}</p>
      <div className="search">
        <label htmlFor={id} className="unseen">
          {t.bankSearch}
        </label>
        <Icon name="search" />
        <input
          id={id}
          type="search"
          placeholder={t.bankSearch}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <p className={isSearching ? "hint" : "unseen"} role="status">
        {isSearching && banks ? t.bankResults(found.length, f) : ""}
      </p>
      {fault !== null && (
        <div className="notice">
          <p>{faultWords(t, fault)}</p>
          <button type="button" onClick={again}>
            {t.retry}
          </button>
        </div>
      )}
      {!isSearching && <h2 className="label">{t.bankPopular}</h2>}
      <ul className={isSearching ? "banks" : "banks tiles"}>
        {banks === null && fault === null
          ? POPULAR.map((one) => <li key={one} className="bank skeleton" aria-hidden="true" />)
          : (isSearching ? found.slice(0, MOST_SHOWN) : popular).map((bank) => (
              <li key={bank.id}>
                <button type="button" className="bank" onClick={() => onChosen(bank)}>
                  <span className="monogram" aria-hidden="true">
                    {initialsOf(bank.name || bank.id)}
                  </span>
                  <span>{bank.name || bank.id}</span>
                </button>
              </li>
            ))}
      </ul>
      {isSearching && found.length > MOST_SHOWN && <p className="hint">{t.bankMore}</p>}
      <button type="button" className="bank unlisted" onClick={() => onChosen(null)}>
        <span className="monogram" aria-hidden="true">
          <Icon name="bank" />
        </span>
        <span>
          {t.bankUnlisted}
          <small>{t.bankUnlistedHint}</small>
        </span>
      </button>
    </Page>
  );
}

const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();

/** Every word begins a word of the name, or the identifier: `st ba` finds State Bank of India. */
function matches(bank: BankItem, wanted: string): boolean {
  const words = [...fold(bank.name).split(" "), bank.id];
  return wanted.split(" ").every((part) => words.some((word) => word.startsWith(part)));
}

function useBanks(api: Api): [BankItem[] | null, string | null, () => void] {
  const [banks, setBanks] = useState<BankItem[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    api.banks().then(setBanks, (error: unknown) => setFault(codeOf(error)));
  }, [api, tries]);
  const again = () => {
    setFault(null);
    setTries(tries + 1);
  };
  return [banks, fault, again];
}
