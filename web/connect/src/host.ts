/**
 * Whoever opened the journey: a page around the frame, an Android WebView, or the site that the customer goes back to.
 * Messages are those of the BankConnect contract, and go to origins that are known: the page's own, and those that
 * the environment allows to frame it.
 */
import type { JourneyBody } from "./api.ts";

export type Told =
  | { status: "success" }
  | { status: "exit"; message: string }
  | { status: "error"; reason: string; error_type: string }
  | { status: "info"; event_name: string; message: string };

export interface Host {
  tell: (told: Told) => void;
  /** Leaves for good: to `redirect_url` where the journey is a page of its own. False: it stays where it is. */
  leave: (success: boolean) => boolean;
  isFramed: boolean;
}

const ANDROID = {
  success: "onSuccess",
  exit: "onExit",
  error: "onError",
  info: "onInfo",
} as const;

type AndroidMethod = "onResult" | (typeof ANDROID)[Told["status"]];

declare global {
  interface Window {
    /** A WebView's interface takes strings only: the bare payload, as JSON. */
    BankConnectAndroid?: Partial<Record<AndroidMethod, (payload: string) => void>>;
  }
}

export function createHost(
  journey: Pick<JourneyBody, "link_id" | "session_id" | "redirect_url" | "origins">,
  view: Window = window,
): Host {
  const opener: Window | null = view.parent === view ? view.opener : view.parent;
  const isFramed = view.parent !== view;
  const targets = targetsOf(view, [view.location.origin, ...journey.origins]);
  return {
    isFramed,
    tell({ status, ...rest }) {
      const payload =
        status === "success"
          ? { linkId: journey.link_id, sessionId: journey.session_id }
          : { linkId: journey.link_id, ...rest };
      const message = { type: "finbox-bankconnect", status, payload };
      if (opener) for (const origin of targets) opener.postMessage(message, origin);
      const android = view.BankConnectAndroid;
      const text = JSON.stringify(payload);
      // Called on the interface itself: a WebView's methods know no other `this`.
      android?.onResult?.(text);
      android?.[ANDROID[status]]?.(text);
    },
    leave(success) {
      if (isFramed || journey.redirect_url === null) return false;
      const url = new URL(journey.redirect_url);
      url.searchParams.set("success", String(success));
      if (success) url.searchParams.set("session_id", journey.session_id);
      view.location.assign(url.href);
      return true;
    },
  };
}

/**
 * The one origin that is around us, where the browser names it and it is allowed; where the browser is silent, each that
 * is allowed: the browser delivers to the one that is there, and to no other.
 */
function targetsOf(view: Window, allowed: readonly string[]): string[] {
  const named = view.location.ancestorOrigins?.[0] ?? originOf(view.document.referrer);
  if (named === null) return [...new Set(allowed)];
  return allowed.includes(named) ? [named] : [];
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
