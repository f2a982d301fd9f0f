/** The way back to the client: query for `code`, fragment for `code id_token`; always with `iss` (RFC 9207). */
import type { Bank } from "../bank.ts";
import type { ReturnWay } from "./request-object.ts";

export function returnUrl(bank: Bank, way: ReturnWay, parameters: Record<string, string>): string {
  const all = new URLSearchParams({
    ...parameters,
    ...(way.state === null ? {} : { state: way.state }),
    iss: bank.url,
  });
  const url = new URL(way.redirectUri);
  if (way.responseType === "code id_token") url.hash = all.toString();
  else for (const [name, value] of all) url.searchParams.append(name, value);
  return url.href;
}
