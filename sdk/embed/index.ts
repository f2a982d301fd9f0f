/**
 * Opens the hosted journey over the page, in a frame, and tells how it ends. The page's origin must be one that the
 * environment allows to frame its journeys.
 */

export interface SuccessPayload {
  linkId: string;
  sessionId: string;
}
export interface ExitPayload {
  /** Null where the frame was closed from outside, before the journey could say. */
  linkId: string | null;
  message: string;
}
export interface ErrorPayload {
  linkId: string;
  reason: string;
  /** `MU…` of an upload, `NB…` of net banking. The journey goes on. */
  error_type: string;
}
export interface InfoPayload {
  linkId: string;
  event_name: string;
  message: string;
}

export interface OpenOptions {
  /** `redirect_url` of the session, as the server answered it. */
  url: string;
  /** Of the frame, for screen readers. */
  title?: string;
  onSuccess?: (payload: SuccessPayload) => void;
  onExit?: (payload: ExitPayload) => void;
  onError?: (payload: ErrorPayload) => void;
  onInfo?: (payload: InfoPayload) => void;
}

export interface OpenJourney {
  /** Takes the frame away; no callback follows. */
  close: () => void;
}

type Message =
  | { status: "success"; payload: SuccessPayload }
  | { status: "exit"; payload: ExitPayload }
  | { status: "error"; payload: ErrorPayload }
  | { status: "info"; payload: InfoPayload };

const FRAME = "border:0;width:100%;height:100%;display:block";
const DIALOG =
  "padding:0;border:0;width:min(680px,100vw);max-width:100vw;height:min(900px,100dvh);max-height:100dvh;" +
  "background:transparent;border-radius:18px;overflow:hidden";

/** A modal dialog of the browser: it holds the focus, heeds Escape, and gives the focus back. */
export function open(options: OpenOptions): OpenJourney {
  const { origin } = new URL(options.url, location.href);
  const dialog = document.createElement("dialog");
  const frame = document.createElement("iframe");
  dialog.style.cssText = DIALOG;
  frame.style.cssText = FRAME;
  frame.title = options.title ?? "Share your bank statements";
  frame.src = options.url;
  dialog.setAttribute("aria-label", frame.title);
  dialog.append(frame);
  document.body.append(dialog);
  const { style } = document.documentElement;
  const { overflow } = style;
  style.overflow = "hidden";

  const hear = ({ source, origin: from, data }: MessageEvent) => {
    if (source !== frame.contentWindow || from !== origin || data?.type !== "finbox-bankconnect") return;
    tell(data);
  };
  const close = () => {
    removeEventListener("message", hear);
    style.overflow = overflow;
    dialog.close();
    dialog.remove();
  };
  const tell = (message: Message) => {
    switch (message.status) {
      case "success":
        close();
        return options.onSuccess?.(message.payload);
      case "exit":
        close();
        return options.onExit?.(message.payload);
      case "error":
        return options.onError?.(message.payload);
      case "info":
        return options.onInfo?.(message.payload);
    }
  };
  addEventListener("message", hear);
  // Escape while the focus is outside the frame; inside, the journey asks first.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    tell({ status: "exit", payload: { linkId: null, message: "Closed" } });
  });
  dialog.showModal();
  frame.focus();
  return { close };
}
