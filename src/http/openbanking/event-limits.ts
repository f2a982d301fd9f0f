export interface StreamLimits {
  /** Open at once, of one environment. */
  perEnvironment: number;
  /** Milliseconds between comments that keep the way open. */
  heartbeatMs: number;
  /** How long a client may take nothing. */
  stalledMs: number;
}

export const STREAM_LIMITS: StreamLimits = { perEnvironment: 50, heartbeatMs: 15_000, stalledMs: 60_000 };
