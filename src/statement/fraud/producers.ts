/**
 * Programs that write PDFs, by what they sign with in `Producer` and `Creator`. A new one is a line here.
 *
 * Sources: the programs' own documents, published statements, and lists of producers in open forensic tools.
 */

/**
 * - `generator`: runs on servers and makes documents from data: what banks issue with.
 * - `editor`: opens a finished page and changes it, or lays out pages by hand; no bank issues statements so.
 * - `tool`: rewrites a file without changing what its pages say: prints, unlocks, merges, scans.
 */
export type ProgramKind = "generator" | "editor" | "tool";

export interface Program {
  name: string;
  kind: ProgramKind;
}

/** Of one file: who wrote it last, and whose work that was. */
export interface Makers {
  producer: Program | null;
  /** In `Creator`, or before iText's `; modified using …`. */
  earlier: Program[];
}

type Entry = readonly [name: string, kind: ProgramKind, sign: RegExp];

/** The first that matches counts: `Skia/PDF … Google Docs Renderer` is no browser, `Print To PDF` is not Word. */
const PROGRAMS: readonly Entry[] = [
  // Pages written or laid out by hand.
  ["Google Docs", "editor", /google docs renderer/i],
  ["Canva", "editor", /\bcanva\b/i],
  ["Adobe Photoshop", "editor", /photoshop/i],
  ["Adobe Illustrator", "editor", /adobe illustrator/i],
  ["Adobe InDesign", "editor", /indesign/i],
  ["Affinity", "editor", /\baffinity (?:designer|photo|publisher)/i],
  ["CorelDRAW", "editor", /corel ?draw|corel pdf engine/i],
  ["Figma", "editor", /\bfigma\b/i],
  ["GIMP", "editor", /\bgimp\b/i],
  ["Inkscape", "editor", /inkscape/i],
  ["Microsoft: Print To PDF", "tool", /microsoft:? print to pdf/i],
  ["Microsoft Reporting Services", "generator", /reporting services/i],
  ["Microsoft Office", "editor", /microsoft.{0,3}(?:office )?(?:word|excel|powerpoint|publisher|visio)\b/i],
  ["Acrobat PDFMaker", "editor", /pdfmaker/i],
  ["WPS Office", "editor", /\bwps (?:office|writer|spreadsheets|pdf)|kingsoft/i],
  ["LibreOffice", "editor", /libreoffice|openoffice/i],
  ["Apple Pages", "editor", /^pages\b|\biwork\b/i],
  // Printers and scanners that are named after the editors beside them.
  ["PrimoPDF", "tool", /primopdf/i],
  ["PDF24 Creator", "tool", /pdf24 creator/i],
  ["PDF-XChange printer", "tool", /pdf-?xchange (?:printer|standard|lite)/i],
  ["Recognised scan", "tool", /paper capture|finereader|adobe scan|power ?pdf create/i],
  // Editors of finished pages.
  ["iLovePDF", "editor", /i ?love ?pdf/i],
  ["Smallpdf", "editor", /small ?pdf/i],
  ["Sejda", "editor", /sejda|\bsambox\b/i],
  ["PDFescape", "editor", /pdf ?escape|rad ?pdf/i],
  ["PDF24", "editor", /\bpdf24\b/i],
  ["pdfFiller", "editor", /pdf ?filler|airslate/i],
  ["DocHub", "editor", /doc ?hub/i],
  ["Soda PDF", "editor", /soda ?pdf/i],
  ["PDFelement", "editor", /pdf ?element|wondershare/i],
  ["PDF-XChange Editor", "editor", /pdf-?xchange (?:editor|pro|viewer)/i],
  ["Master PDF Editor", "editor", /master ?pdf ?editor/i],
  // Its printer and library sign with the editor's name before their own.
  ["Foxit printer", "tool", /foxit.*(?:printer|pdf creator|quick pdf)/i],
  ["Foxit editor", "editor", /foxit (?:phantom ?pdf|pdf editor|reader)|phantompdf/i],
  ["Nitro", "editor", /\bnitro (?:pdf )?(?:pro|pdf|reader)\b|^nitro\b/i],
  ["PDF Expert", "editor", /pdf ?expert|readdle/i],
  ["PDF Candy", "editor", /pdf ?candy|icecream/i],
  ["PDFgear", "editor", /pdf ?gear/i],
  ["UPDF", "editor", /\bupdf\b/i],
  ["EaseUS PDF Editor", "editor", /easeus/i],
  ["Movavi", "editor", /movavi/i],
  ["Lumin PDF", "editor", /\blumin\b/i],
  ["Xodo", "editor", /\bxodo\b/i],
  ["Infix", "editor", /\binfix\b/i],
  ["Kofax Power PDF", "editor", /power ?pdf/i],
  ["Stirling PDF", "editor", /stirling/i],
  ["Adobe Acrobat", "editor", /^adobe acrobat(?! distiller)|acrobat (?:pro|standard|dc|web|x|xi)\b/i],
  // Servers that make documents from data.
  ["iText", "generator", /itext|openpdf/i],
  ["JasperReports", "generator", /jasper/i],
  ["Crystal Reports", "generator", /crystal/i],
  ["Apache FOP", "generator", /apache fop/i],
  ["Apache PDFBox", "generator", /pdfbox/i],
  ["PDFsharp", "generator", /pdfsharp|migradoc/i],
  ["wkhtmltopdf", "generator", /wkhtmltopdf/i],
  ["Quadient", "generator", /quadient|gmc (?:software|inspire)|inspire (?:designer|production)/i],
  ["OpenText", "generator", /opentext|exstream|streamserve|output transformation engine|xenos/i],
  [
    "Adobe server",
    "generator",
    /livecycle|experience manager|adobe (?:central|output) (?:pro )?(?:server|designer)?/i,
  ],
  ["Papyrus", "generator", /papyrus/i],
  ["Compart", "generator", /compart|docbridge/i],
  ["Ricoh", "generator", /afp2pdf|infoprint|ricoh/i],
  ["StreamEDS", "generator", /streameds|targetstream/i],
  ["Precisely", "generator", /vault rendering engine|doc1|precisely|pitney bowes|group 1 software/i],
  ["Streamline", "generator", /streamline pdfgen|^pdfgen/i],
  ["Oracle", "generator", /oracle (?:bi|reports|analytics|xml|documaker)|documaker/i],
  ["SAP", "generator", /\bsap(?:script| netweaver| r\/3|gui| s\/4)/i],
  ["BIRT", "generator", /\bbirt\b/i],
  ["Telerik Reporting", "generator", /telerik/i],
  ["DevExpress", "generator", /devexpress/i],
  ["Aspose", "generator", /aspose/i],
  ["Syncfusion", "generator", /syncfusion/i],
  ["Stimulsoft", "generator", /stimulsoft/i],
  ["FastReport", "generator", /fast ?report/i],
  ["ActiveReports", "generator", /activereports|grapecity/i],
  ["ABCpdf", "generator", /abcpdf/i],
  ["EO.Pdf", "generator", /eo\.pdf/i],
  ["SelectPdf", "generator", /selectpdf|hiqpdf|evopdf|winnovative/i],
  ["IronPdf", "generator", /ironpdf/i],
  ["PDFlib", "generator", /pdflib/i],
  ["Prince", "generator", /\bprince\b/i],
  ["Antenna House", "generator", /antenna house|ah formatter/i],
  ["RenderX", "generator", /renderx|\bxep\b/i],
  ["TCPDF", "generator", /tcpdf/i],
  ["FPDF", "generator", /\bt?fpdf\b|mpdf|dompdf/i],
  ["ReportLab", "generator", /reportlab/i],
  ["WeasyPrint", "generator", /weasyprint/i],
  ["pdfmake", "generator", /pdfmake|pdfkit|react-pdf|jspdf/i],
  ["DynaPDF", "generator", /dynapdf/i],
  ["Gnostice", "generator", /gnostice|pdftoolkit/i],
  ["Big Faceless", "generator", /big faceless|\bbfo\b/i],
  ["Zend", "generator", /\bzend/i],
  // What a customer, or a bank's archive, puts a finished file through.
  // Behind Acrobat and Illustrator as behind servers: what stands in `Creator` tells.
  ["Adobe PDF Library", "tool", /adobe pdf library|datalogics/i],
  ["pdf-lib", "tool", /pdf-lib/i],
  ["Chromium", "tool", /skia\/pdf|chromium|headlesschrome/i],
  ["macOS Quartz", "tool", /quartz pdfcontext/i],
  ["Acrobat Distiller", "tool", /distiller|pscript5/i],
  ["Ghostscript", "tool", /ghostscript|afpl/i],
  ["PDFCreator", "tool", /pdfcreator|cutepdf|dopdf|novapdf|bullzip|win2pdf/i],
  ["qpdf", "tool", /\bqpdf\b|pikepdf/i],
  ["pdftk", "tool", /pdftk/i],
  ["PDFsam", "tool", /pdfsam/i],
  ["cairo", "tool", /\bcairo\b/i],
  ["MuPDF", "tool", /mupdf/i],
  ["pypdf", "tool", /pypdf/i],
  ["Android", "tool", /android/i],
  ["Scanner", "tool", /camscanner|\bscan|\bhp\b|\bcanon\b|\bepson\b/i],
];

/** The program that a `Producer` or `Creator` names; null where we know none. */
export function programOf(sign: string | null): Program | null {
  if (sign === null) return null;
  const found = PROGRAMS.find(([, , pattern]) => pattern.test(sign));
  return found === undefined ? null : { name: found[0], kind: found[1] };
}

const MODIFIED_BY = /;\s*modified (?:using|by)\s*/i;

/** `Microsoft® Word 2013; modified using iText® 5.5.13`: iText wrote the file, from what Word had written. */
export function makersOf(producer: string | null, creator: string | null): Makers {
  const signs = producer?.split(MODIFIED_BY) ?? [];
  const earlier = [...signs.slice(0, -1), creator].map((sign) => programOf(sign ?? null));
  return {
    producer: programOf(signs.at(-1) ?? null),
    earlier: earlier.filter((program) => program !== null),
  };
}

/**
 * What banks are known to issue with, where published statements agree. A bank may change its program any day: a
 * file that differs is noted, never accused.
 */
const OF_BANKS: Readonly<Record<string, readonly string[]>> = {
  chase: ["OpenText"],
  bofa: ["StreamEDS"],
  dbs: ["Quadient"],
  hsbc: ["OpenText"],
  ocbc: ["Streamline"],
  uob: ["Precisely"],
  citi: ["Ricoh"],
  zenith: ["iText"],
};

/** Names of the programs that the bank (the contract's identifier) is known to use; null where we know none. */
export function programsOfBank(bank: string): readonly string[] | null {
  return OF_BANKS[bank] ?? null;
}
