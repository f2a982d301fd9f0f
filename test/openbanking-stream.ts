/** A client of server-sent events, as small as the standard allows. */
import { until } from "./main-path-setup.ts";

export interface Message {
  id: string;
  event: string;
  data: string;
}

export interface Stream {
  status: number;
  headers: Headers;
  /** All that has come. */
  readonly text: string;
  /** What has come whole. */
  readonly messages: readonly Message[];
  until(is: () => boolean): Promise<void>;
  /** When the server has ended it. */
  ended: Promise<void>;
  close(): void;
}

export async function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  let text = "";
  const read = async () => {
    if (!response.body) return;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
  };
  const reading = read();
  // Who closes it does not wait for its end.
  reading.catch(() => undefined);
  return {
    status: response.status,
    headers: response.headers,
    get text() {
      return text;
    },
    get messages() {
      return messagesOf(text);
    },
    until: async (is) => void (await until("the stream's news", is)),
    ended: reading,
    close: () => leaving.abort(),
  };
}

function messagesOf(text: string): Message[] {
  const whole = text.slice(0, text.lastIndexOf("\n\n") + 2);
  return whole.split("\n\n").flatMap((block) => {
    const fields = new Map(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    const [id, event, data] = [fields.get("id"), fields.get("event"), fields.get("data")];
    return id === undefined || event === undefined || data === undefined ? [] : [{ id, event, data }];
  });
}
