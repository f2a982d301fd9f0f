/** Processor time, which other people's load on the machine changes far less than it changes the rate. Linux only. */
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second on every machine that we know. */
const TICK_MS = 10;

export interface CpuUse {
  /** Microseconds per piece of work. */
  own: number;
  postgres: number;
}

/** Of this process and of a postmaster with its children, those that have ended included. */
export function cpuSince(postmaster: number): (pieces: number) => CpuUse {
  const own = process.cpuUsage();
  const before = treeMs(postmaster);
  return (pieces) => {
    const { user, system } = process.cpuUsage(own);
    return {
      own: Math.round((user + system) / pieces),
      postgres: Math.round(((treeMs(postmaster) - before) * 1000) / pieces),
    };
  };
}

function treeMs(pid: number): number {
  const children = read(`/proc/${pid}/task/${pid}/children`)?.trim().split(" ") ?? [];
  const alive = children.map((child) => ticks(read(`/proc/${child}/stat`), 2));
  return TICK_MS * alive.reduce((sum, one) => sum + one, ticks(read(`/proc/${pid}/stat`), 4));
}

/** utime, stime, and those of ended children: fields 14 to 17, counted behind the name in brackets. */
function ticks(stat: string | null, fields: 2 | 4): number {
  if (stat === null) return 0;
  const after = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return after.slice(11, 11 + fields).reduce((sum, text) => sum + Number(text), 0);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // A process that has just ended, or not Linux.
    return null;
  }
}
