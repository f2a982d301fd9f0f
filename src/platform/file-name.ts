/** The name a downloaded file is known by: what the answer says, else the end of the URL's path. Pure. */
export function fileNameOf(url: URL, disposition: string | null): string {
  const said = disposition === null ? null : nameInDisposition(disposition);
  const last = decoded(url.pathname.split("/").at(-1) ?? "");
  return cleaned(said ?? "") || cleaned(last) || "file";
}

/** RFC 6266: `filename*` goes before `filename`. */
function nameInDisposition(disposition: string): string | null {
  const extended = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  if (extended !== undefined) return decoded(extended);
  const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
  return /filename\s*=\s*([^;\s"]+)/i.exec(disposition)?.[1] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Malformed percent signs stay as they are written.
    return text;
  }
}

/** No folders, no control characters, at most 200 characters. */
function cleaned(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return last
    .replaceAll(/\p{Cc}/gu, "")
    .replace(/^\.+$/, "")
    .trim()
    .slice(-200);
}
