/**
 * The one chart of a report: columns and lines over months. `write-excel-file` knows no charts, but lets a feature
 * add parts: the chart itself (`xl/charts/`), its frame in the sheet's drawing, and what leads from one to the other
 * (ECMA-376 part 1, §20.5 and §21.2).
 */
import { rangeIn, type Sheet, type WriterFeature } from "./sheet.ts";
import { escaped } from "./xml.ts";

export interface Series {
  name: string;
  kind: "column" | "line";
  /** RRGGBB */
  colour: string;
  /** The sheet's column that holds its values, from 0. */
  column: number;
  values: (number | null)[];
}

/** Of values that stand in the same sheet, one row per category, from the second row on. */
export interface Chart {
  title: string;
  /** Serial days, as they stand in the sheet's first column. */
  categories: number[];
  categoryFormat: string;
  series: Series[];
  /** Rows and columns that it covers, from 0. */
  place: { fromRow: number; toRow: number; fromColumn: number; toColumn: number };
}

const CHART_URI = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const RELATIONSHIPS_URI = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
const AXES = '<c:axId val="111111111"/><c:axId val="222222222"/>';

const fileOf = (sheetId: number | string): string => `charts/chart${sheetId}.xml`;
const relationOf = (sheetId: number | string): string => `rId-chart-${sheetId}`;

export function chartFeature(sheets: readonly Sheet[]): WriterFeature {
  // The writer numbers sheets from 1, in their order.
  const drawn = sheets.flatMap((sheet, index) =>
    sheet.chart ? [{ sheet, chart: sheet.chart, id: index + 1 }] : [],
  );
  const at = (index: number) => sheets[index]?.chart ?? null;
  return {
    files: {
      transform: {
        "[Content_Types].xml": {
          insert: () =>
            drawn
              .map(({ id }) => `<Override ContentType="${CHART_TYPE}" PartName="/xl/${fileOf(id)}"/>`)
              .join(""),
        },
        "xl/drawings/drawing{id}.xml": {
          insert: (_, { sheetIndex, sheetId }) => {
            const chart = at(sheetIndex);
            return chart ? frameXml(chart, relationOf(sheetId)) : undefined;
          },
        },
        "xl/drawings/_rels/drawing{id}.xml.rels": {
          insert: (_, { sheetIndex, sheetId }) =>
            at(sheetIndex)
              ? `<Relationship Id="${relationOf(sheetId)}" Type="${RELATIONSHIPS_URI}/chart" Target="../${fileOf(sheetId)}"/>`
              : undefined,
        },
      },
      write: {
        files: () =>
          Object.fromEntries(
            drawn.map(({ sheet, chart, id }) => [`xl/${fileOf(id)}`, chartXml(sheet.name, chart)]),
          ),
      },
    },
  };
}

const corner = (name: string, column: number, row: number): string =>
  `<xdr:${name}><xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${name}>`;

function frameXml({ title, place }: Chart, relation: string): string {
  const { fromRow, toRow, fromColumn, toColumn } = place;
  return (
    `<xdr:twoCellAnchor>${corner("from", fromColumn, fromRow)}${corner("to", toColumn, toRow)}` +
    `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart" descr="${escaped(title)}"/>` +
    "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>" +
    '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>' +
    `<a:graphic><a:graphicData uri="${CHART_URI}">` +
    `<c:chart xmlns:c="${CHART_URI}" xmlns:r="${RELATIONSHIPS_URI}" r:id="${relation}"/>` +
    "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
  );
}

function chartXml(sheet: string, chart: Chart): string {
  const numbered = chart.series.map((series, index) => ({ series, index }));
  const of = (kind: Series["kind"]) =>
    numbered
      .filter(({ series }) => series.kind === kind)
      .map(({ series, index }) => seriesXml(sheet, chart, series, index))
      .join("");
  const [columns, lines] = [of("column"), of("line")];
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
    `<c:chartSpace xmlns:c="${CHART_URI}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${RELATIONSHIPS_URI}">` +
    `<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang="en" sz="1200" b="1"/><a:t>${escaped(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>` +
    '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>' +
    (columns === ""
      ? ""
      : `<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>${columns}<c:gapWidth val="80"/>${AXES}</c:barChart>`) +
    (lines === ""
      ? ""
      : `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${lines}<c:marker val="1"/>${AXES}</c:lineChart>`) +
    `<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="${escaped(chart.categoryFormat)}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="222222222"/><c:crosses val="autoZero"/></c:catAx>` +
    '<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111111111"/><c:crosses val="autoZero"/></c:valAx>' +
    '</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
  );
}

function seriesXml(
  sheet: string,
  chart: Chart,
  { name, kind, colour, column, values }: Series,
  index: number,
) {
  const last = chart.categories.length + 1;
  const fill = `<a:solidFill><a:srgbClr val="${colour}"/></a:solidFill>`;
  const shape =
    kind === "column"
      ? `<c:spPr>${fill}</c:spPr><c:invertIfNegative val="0"/>`
      : `<c:spPr><a:ln w="28575">${fill}</a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="5"/></c:marker>`;
  return (
    `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>` +
    `<c:tx><c:v>${escaped(name)}</c:v></c:tx>${shape}` +
    `<c:cat>${numbersXml(rangeIn(sheet, 0, 2, last), chart.categories, chart.categoryFormat)}</c:cat>` +
    `<c:val>${numbersXml(rangeIn(sheet, column, 2, last), values, "General")}</c:val>` +
    (kind === "line" ? '<c:smooth val="0"/>' : "") +
    "</c:ser>"
  );
}

/** The reference, and beside it what stands there, for viewers that do not reckon. */
function numbersXml(range: string, values: readonly (number | null)[], format: string): string {
  const points = values.map((value, index) =>
    value === null ? "" : `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`,
  );
  return (
    `<c:numRef><c:f>${escaped(range)}</c:f><c:numCache><c:formatCode>${escaped(format)}</c:formatCode>` +
    `<c:ptCount val="${values.length}"/>${points.join("")}</c:numCache></c:numRef>`
  );
}
