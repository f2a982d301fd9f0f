export type WebApp = "connect" | "console" | "embed";
export function webApps(): WebApp[];
export function distOf(app: WebApp): string;
export function stampOf(app: WebApp): string;
export function staleApps(): WebApp[];
export function sourcesHash(app: WebApp): string;
