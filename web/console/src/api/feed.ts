import type { Environment } from "./client.ts";

const STREAM = "/console/api/news";
/** The server writes a comment every 15 s: a stream that is silent for longer is broken, whatever the network says. */
const SILENT_MS = 40_000;

interface Listener {
  onOpen: () => void;
  onNews: () => void;
}

/**
 * Server-sent events by fetch, since EventSource sends no headers. Only that something has come is told: what it is, the
 * list asks for. Resolves when the stream is over, refused or broken; never throws.
 */
export async function openFeed(
  environment: Environment,
  leaving: AbortSignal,
  { onOpen, onNews }: Listener,
): Promise<void> {
  const silence = new AbortController();
  const signal = AbortSignal.any([leaving, silence.signal]);
  let timer = window.setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const headers = {
      accept: "text/event-stream",
      "x-bankbell-console": "1",
      "x-bankbell-environment": environment,
    };
    const { ok, body } = await fetch(STREAM, { headers, signal });
    if (!ok || !body) return;
    onOpen();
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let last = "\n"; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), SILENT_MS);
      // A field may be cut in two by the network; a comment is no event.
      const text = last + value;
      if (/\nevent: ./.test(text)) onNews();
      last = text.slice(-9);
    }
  } catch {
    // Whoever listens asks by other means, and comes back.
  } finally {
    window.clearTimeout(timer);
    silence.abort();
  }
}
