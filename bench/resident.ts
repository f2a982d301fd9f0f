/** Memory of another process, watched while it works. Linux only. */
import { readFile } from "node:fs/promises";

/** Resident, in MB of 1024² bytes. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

const EVERY_MS = 200;

/** Until it is stopped; answers the samples in order. */
export function watchResident(pid: number): { stop(): Promise<number[]> } {
  const samples: Promise<number>[] = [residentMb(pid)];
  const timer = setInterval(() => samples.push(residentMb(pid)), EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      samples.push(residentMb(pid));
      return Promise.all(samples);
    },
  };
}
