import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "./styles/index.css";
import { createApi } from "./api.ts";
import { App } from "./app.tsx";
import { SpeechContext } from "./i18n/context.ts";
import type { Words } from "./i18n/en.ts";
import { createFormats } from "./i18n/formats.ts";
import {
  chooseLanguage,
  LANGUAGES,
  localeOf,
  rememberLanguage,
  type LanguageCode,
} from "./i18n/languages.ts";
import { readLink, readReturn } from "./link.ts";

function Root({ first }: { first: { code: LanguageCode; t: Words } }) {
  const [{ code, t }, setWords] = useState(first);
  const api = useMemo(() => createApi(readLink(location.search)), []);
  const returned = useMemo(() => readReturn(location.search), []);
  useEffect(() => {
    document.documentElement.lang = code;
  }, [code]);
  const speech = useMemo(() => {
    const speak = (wanted: LanguageCode) => {
      rememberLanguage(wanted);
      // A language that does not load leaves the one that is there.
      LANGUAGES[wanted].load().then(
        (words) => setWords({ code: wanted, t: words }),
        () => undefined,
      );
    };
    return { code, t, f: createFormats(localeOf(code)), speak };
  }, [code, t]);
  return (
    <SpeechContext value={speech}>
      <App api={api} returned={returned} />
    </SpeechContext>
  );
}

async function start(): Promise<void> {
  const place = document.getElementById("root");
  if (!place) return;
  const code = chooseLanguage(location.search);
  const t = await LANGUAGES[code].load();
  createRoot(place).render(<Root first={{ code, t }} />);
}

void start();
