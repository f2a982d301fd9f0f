export const root: string;
export const projectNode: string;
export function setup(): Promise<void>;
/** A lock file in `.cache`; answers how to let go of it. */
export function takeLock(name: string): Promise<() => void>;
