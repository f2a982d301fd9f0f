/** The page that shows a person how a file was read, for the console: as `bankbell extract --report` writes it. */
import { reportPage } from "./extract-report.ts";
import type { Extractor } from "./statement/pdf/pool.ts";
import type { Sheet } from "./statement/report/types.ts";

export interface PageReportLimits {
  maxPages: number;
  timeoutMs: number;
}

/** Reads the file once more, with pictures of its pages. HTML that stands by itself. */
export function pageReports(extractor: Extractor, limits: PageReportLimits) {
  return async (
    { bytes, fileName }: { bytes: Uint8Array; fileName: string },
    password: string | null,
  ): Promise<string> => {
    let sheets: Sheet[] = [];
    const onSheets = (drawn: Sheet[]): void => {
      sheets = drawn;
    };
    const extraction = await extractor.extract(bytes, { password, ...limits }, { onSheets });
    return reportPage(fileName, extraction, sheets);
  };
}
