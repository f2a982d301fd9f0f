/** Sheets → the bytes of an .xlsx file. */
import writeXlsxFile from "write-excel-file/node";
import { chartFeature } from "./chart.ts";
import { columnName, quotedName, type Sheet, type WriterFeature } from "./sheet.ts";
import { escaped } from "./xml.ts";

export async function writeWorkbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const written = sheets.map(({ name, rows, widths, frozen }) => ({
    sheet: name,
    data: rows,
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: frozen.rows,
    stickyColumnsCount: frozen.columns,
    orientation: "landscape" as const,
  }));
  const features = [filterFeature(sheets), chartFeature(sheets)];
  return writeXlsxFile(written, { features, fontFamily: "Calibri", fontSize: 11 }).toBuffer();
}

/** Filters on the first row of the sheets that want them, which the writer does not know either. */
function filterFeature(sheets: readonly Sheet[]): WriterFeature {
  return {
    files: {
      transform: {
        "xl/worksheets/sheet{id}.xml": {
          transform: (xml, _, { sheetIndex }) => {
            const sheet = sheets[sheetIndex];
            if (!sheet?.filtered) return xml;
            const range = `A1:${columnName(sheet.widths.length - 1)}${sheet.rows.length}`;
            return insertAfter(xml, "</sheetData>", `<autoFilter ref="${range}"/>`);
          },
        },
        // Excel keeps each filter's range under a hidden name, and repeats the head on every printed page.
        "xl/workbook.xml": {
          transform: (xml) => {
            const names = sheets.flatMap(namesOf).join("");
            const bare = xml.replace("<definedNames/>", "");
            return names === ""
              ? bare
              : insertAfter(bare, "</sheets>", `<definedNames>${names}</definedNames>`);
          },
        },
      },
    },
  };
}

function namesOf({ name, rows, widths, frozen, filtered }: Sheet, index: number): string[] {
  const quoted = escaped(quotedName(name));
  const local = (what: string, value: string, more = "") =>
    `<definedName name="_xlnm.${what}" localSheetId="${index}"${more}>${value}</definedName>`;
  const last = columnName(widths.length - 1);
  return [
    ...(filtered ? [local("_FilterDatabase", `${quoted}!$A$1:$${last}$${rows.length}`, ' hidden="1"')] : []),
    ...(frozen.rows > 0 ? [local("Print_Titles", `${quoted}!$1:$${frozen.rows}`)] : []),
  ];
}

/** Throws where the writer no longer writes the tag: a report without its filters would go unnoticed. */
function insertAfter(xml: string, tag: string, addition: string): string {
  const at = xml.indexOf(tag);
  if (at < 0) throw new Error(`The workbook has no ${tag}.`);
  return xml.slice(0, at + tag.length) + addition + xml.slice(at + tag.length);
}
