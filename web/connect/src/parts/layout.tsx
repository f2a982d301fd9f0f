/** What is around every page: whose it is, the language, the way out. */
import { useEffect, useRef, type ReactNode } from "react";
import type { JourneyBody } from "../api.ts";
import { useSpeech } from "../i18n/context.ts";
import { languageCodes, LANGUAGES } from "../i18n/languages.ts";
import { Icon } from "./icons.tsx";

interface LayoutProps {
  brand: JourneyBody["brand"] | null;
  onLeave?: (() => void) | undefined;
  expiresAt?: string | undefined;
  children: ReactNode;
}

export function Layout({ brand, onLeave, expiresAt, children }: LayoutProps) {
  const { t, f } = useSpeech();
  return (
    <div className="shell">
      <header className="top">
        <Brand brand={brand} />
        <LanguageChoice />
        {onLeave && (
          <button
            type="button"
            className="quiet square"
            onClick={onLeave}
            aria-label={t.leave}
            title={t.leave}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      <main className="sheet">{children}</main>
      <footer className="bottom">
        {brand && (
          <p>
            <Icon name="lock" size={16} /> {t.privacy(brand.name)}
          </p>
        )}
        <p>
          {expiresAt !== undefined && <span>{t.openUntil(f.moment(expiresAt))} </span>}
          {brand?.support_url && (
            <a href={brand.support_url} target="_blank" rel="noreferrer">
              {t.support}
            </a>
          )}
        </p>
      </footer>
    </div>
  );
}

function Brand({ brand }: { brand: JourneyBody["brand"] | null }) {
  if (!brand) return <span className="brand" />;
  return (
    <span className="brand">
      {brand.logo_url === null ? (
        <span className="monogram fill" aria-hidden="true">
          {initialsOf(brand.name)}
        </span>
      ) : (
        <img src={brand.logo_url} alt="" height={32} referrerPolicy="no-referrer" />
      )}
      <span>{brand.name}</span>
    </span>
  );
}

export const initialsOf = (name: string): string => Array.from(name.trim())[0]?.toUpperCase() ?? "";

/** Each language by its own name; with more of them this becomes a list. */
function LanguageChoice() {
  const { code, t, speak } = useSpeech();
  return (
    <div className="languages" role="group" aria-label={t.language}>
      {languageCodes().map((one) => (
        <button
          key={one}
          type="button"
          className="quiet"
          lang={one}
          aria-pressed={one === code}
          onClick={() => speak(one)}
        >
          {LANGUAGES[one].name}
        </button>
      ))}
    </div>
  );
}

interface PageProps {
  title: string;
  /** Where in the journey; absent at its ends. */
  step?: { now: number; of: number } | undefined;
  onBack?: (() => void) | undefined;
  /** Above the title, for the eye alone. */
  sign?: ReactNode;
  children: ReactNode;
}

/** Whoever hears the page, and whoever uses the keyboard, begins at its heading. */
export function Page({ title, step, onBack, sign, children }: PageProps) {
  const { t } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      {step && (
        <div className="steps">
          {onBack ? (
            <button
              type="button"
              className="quiet square"
              onClick={onBack}
              aria-label={t.back}
              title={t.back}
            >
              <Icon name="back" />
            </button>
          ) : null}
          <span className="step-text">{t.stepOf(step.now, step.of)}</span>
          <span className="step-bars" aria-hidden="true">
            {Array.from({ length: step.of }, (_, at) => (
              <span key={at} className={at < step.now ? "bar done" : "bar"} />
            ))}
          </span>
        </div>
      )}
      {sign}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  );
}
