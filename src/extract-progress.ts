/** A progress bar on a terminal: one line that is drawn over itself. */

export interface Progress {
  page(file: string, done: number, total: number): void;
  fileDone(file: string): void;
  /** Takes the bar away, before anything else is written. */
  clear(): void;
}

/** A file with fewer pages is read before a bar could be seen. */
const MANY_PAGES = 40;
const BAR = 24;

/**
 * Draws when there are several files, or one with many pages. `write` goes to the terminal; each file weighs
 * the same, as its pages are known only once it is open.
 */
export function createProgress(files: number, write: (text: string) => void): Progress {
  const open = new Map<string, number>();
  let finished = 0;
  let drawn = "";
  const draw = (note: string): void => {
    const under = [...open.values()].reduce((sum, share) => sum + share, 0);
    const share = Math.min(1, (finished + under) / files);
    const full = Math.round(share * BAR);
    const count = files > 1 ? ` ${finished}/${files} files` : "";
    const line = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${Math.floor(share * 100)} %${count}${note}`;
    if (line === drawn) return;
    drawn = line;
    write(`\r${line}\u001b[K`);
  };
  return {
    page(file, done, total) {
      open.set(file, done / total);
      if (files > 1) draw("");
      else if (total >= MANY_PAGES) draw(` ${done}/${total} pages`);
    },
    fileDone(file) {
      open.delete(file);
      finished += 1;
      if (files > 1) draw("");
    },
    clear() {
      if (drawn !== "") write("\r\u001b[K");
      drawn = "";
    },
  };
}
