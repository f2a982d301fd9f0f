/** Where reports lie: paths that a signature opens for an hour. */
import type { LinkSigner } from "../platform/signed-links.ts";

export const REPORTS_PATH = "/files/reports";
/** In place of an account's id. */
export const AGGREGATE = "aggregate";

const VALID = { hours: 1 };

export const reportPath = (env: string, sessionId: string, report: string): string =>
  `${REPORTS_PATH}/${env}/${sessionId}/${report}.xlsx`;

export interface ReportLinks {
  /** `report`: an account's id, or AGGREGATE. */
  urlOf(env: string, sessionId: string, report: string, now: Temporal.Instant): string;
}

/** @param publicUrl without a slash at its end */
export const createReportLinks = (links: LinkSigner, publicUrl: string): ReportLinks => ({
  urlOf: (env, sessionId, report, now) =>
    publicUrl + links.sign({ env, path: reportPath(env, sessionId, report) }, now.add(VALID)),
});
