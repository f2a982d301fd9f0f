import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { before, suite, test } from "node:test";
import { openPdf } from "./open.ts";
import type { Opened } from "./open.ts";
import { compilePdfium, createPdfium } from "./pdfium.ts";
import type { Pdfium } from "./pdfium.ts";
import { makePdf, onePage, put, rawPdf, stream } from "./testing.ts";
import { glyphText, plainDigit } from "./words.ts";

let pdfium: Pdfium;
before(async () => {
  pdfium = await createPdfium(await compilePdfium());
});

function open(bytes: Uint8Array, password: string | null = null, maxPages = 500): Opened {
  return openPdf(pdfium, bytes, { password, maxPages });
}

/** Each page's words, joined by one space. */
function texts(bytes: Uint8Array): string[] {
  const opened = open(bytes);
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.document.pages.map((page) => page.words.map((word) => word.text).join(" "));
}

function codeOf(opened: Opened): string {
  return opened.ok ? "ok" : `${opened.error.code} ${opened.error.reason ?? ""}`.trim();
}

const content = (text: string): Uint8Array => onePage(stream("", Buffer.from(text, "latin1")));

suite("words", () => {
  test("have their text, and boxes in points from the top left", async () => {
    const bytes = await makePdf((doc) => {
      put(doc, "Opening Balance", 50, 100);
      put(doc, "1,234.56", 400, 100);
    });
    const opened = open(bytes);
    assert.ok(opened.ok);
    const [page] = opened.document.pages;
    assert.deepEqual(
      page?.words.map((word) => word.text),
      ["Opening", "Balance", "1,234.56"],
    );
    assert.equal(Math.round(page?.width ?? 0), 595);
    assert.equal(Math.round(page?.height ?? 0), 842);
    const amount = page?.words[2];
    assert.ok(amount);
    assert.ok(Math.abs(amount.x0 - 400) < 0.1, `${amount.x0}`);
    // Helvetica: six digits of 0.556 em and two marks of 0.278.
    assert.ok(Math.abs(amount.x1 - 438.92) < 0.1, `${amount.x1}`);
    assert.ok(amount.y0 > 89 && amount.y0 < 93 && amount.y1 > 100 && amount.y1 < 104);
  });

  test("come in reading order, whatever the order of painting", async () => {
    const bytes = await makePdf((doc) => {
      put(doc, "balance", 400, 200);
      put(doc, "below", 50, 220);
      put(doc, "date", 50, 200);
      put(doc, "amount", 300, 200.8);
    });
    assert.deepEqual(texts(bytes), ["date amount balance below"]);
  });

  test("survive kerning between digits, and digits painted one by one in any order", () => {
    const kerned = "BT /F1 10 Tf 50 700 Td [(1) -80 (2) 60 (3) -120 (.) 40 (45) -600 (next)] TJ ET";
    assert.deepEqual(texts(content(kerned)), ["123.45 next"]);
    const single = [2, 0, 3, 1].map((at) => `BT /F1 10 Tf ${50 + at * 5.56} 700 Td (${at}) Tj ET`).join(" ");
    assert.deepEqual(texts(content(single)), ["0123"]);
  });

  test("survive wide kerning where the page paints its spaces", () => {
    const torn = "[(Paym) -200 (e) -210 (nts) -600 (1,31) -350 (5.61)] TJ";
    const words = (text: string): string => `BT /F1 10 Tf 50 700 Td ${text} ET`;
    assert.deepEqual(texts(content(words(torn))), ["Paym e nts 1,31 5.61"]);
    assert.deepEqual(texts(content(`${words(torn)} ${words("0 -20 Td (Made in two parts) Tj")}`)), [
      "Payments 1,315.61 Made in two parts",
    ]);
  });

  test("are parted by a space of the file, however narrow, unless it is moved back over", () => {
    assert.deepEqual(texts(content("BT /F1 10 Tf 50 700 Td [(a ) 200 (b)] TJ ET")), ["a b"]);
    assert.deepEqual(texts(content("BT /F1 10 Tf 50 700 Td [(a ) 278 (b)] TJ ET")), ["ab"]);
  });

  test("are what is painted, not what a screen reader is to say", () => {
    const span = (said: string, operators: string): string =>
      `/Span << /ActualText (${said}) >> BDC ${operators} EMC`;
    const amount = "BT /F1 10 Tf 50 700 Td (1,) Tj (234) Tj (.56) Tj ET";
    assert.deepEqual(texts(content(`${span("nine pounds", amount)} BT /F1 10 Tf 200 700 Td (next) Tj ET`)), [
      "1,234.56 next",
    ]);
    const spoken = span("9,999.99", "BT /F1 10 Tf 50 700 Td (1,234.56) Tj ET");
    assert.deepEqual(texts(content(spoken)), ["1,234.56"]);
  });

  test("survive letter-spacing, fixed pitch, horizontal scaling, slant and a negative size", () => {
    const cases = {
      "2 Tc 50 700 Td (STATEMENT OF 1,234.00) Tj": "STATEMENT OF 1,234.00",
      "50 Tz 50 700 Td (narrow text 1,234.00) Tj": "narrow text 1,234.00",
      "200 Tz 50 700 Td (wide text 1,234.00) Tj": "wide text 1,234.00",
      "1 0 0.3 1 50 700 Tm (slanted text 1,234.00) Tj": "slanted text 1,234.00",
      "/F1 -10 Tf -1 0 0 -1 50 700 Tm (turned back 1,234.00) Tj": "turned back 1,234.00",
      "/F1 1 Tf 10 0 0 10 50 700 Tm (one unit font 1,234.00) Tj": "one unit font 1,234.00",
    };
    for (const [operators, text] of Object.entries(cases)) {
      assert.deepEqual(texts(content(`BT /F1 10 Tf ${operators} ET`)), [text]);
    }
  });

  test("of a drawn font (Type 3) are joined by its advance, not by their ink", () => {
    const glyph = (ink: number): Buffer =>
      stream("", Buffer.from(`600 0 0 0 ${ink} 700 d1 0 0 ${ink} 700 re f`));
    const map = "2 beginbfchar <31> <0031> <32> <0032> endbfchar";
    const bytes = rawPdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
          /Resources << /Font << /F1 5 0 R >> >> >>`,
      stream("", Buffer.from("BT /F1 10 Tf 50 700 Td (112112) Tj 45 0 Td (22) Tj ET")),
      `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0]
          /FirstChar 49 /LastChar 50 /Widths [600 600] /Resources << >> /ToUnicode 8 0 R
          /Encoding << /Differences [49 /one /two] >> /CharProcs << /one 6 0 R /two 7 0 R >> >>`,
      glyph(50),
      glyph(450),
      stream("", Buffer.from(`begincmap 1 begincodespacerange <00> <ff> endcodespacerange ${map} endcmap`)),
    ]);
    assert.deepEqual(texts(bytes), ["112112 22"]);
  });

  test("painted twice for boldness count once", () => {
    const twice = "BT /F1 10 Tf 50 700 Td (1,100.00) Tj 0.3 0 Td (1,100.00) Tj ET";
    assert.deepEqual(texts(content(twice)), ["1,100.00"]);
  });

  test("keep hyphens, also at the end of a line, and take ligatures apart", () => {
    const lines = "BT /F1 10 Tf 50 700 Td (trans-) Tj 0 -12 Td (fer 5.00-) Tj 0 -12 Td (x\\255y) Tj ET";
    assert.deepEqual(texts(content(lines)), ["trans- fer 5.00- x-y"]);
    assert.deepEqual([0xfb01, 0xfb03, 0x2212, 0xff11, 0x200b, 0x20b9].map(glyphText), [
      "fi",
      "ffi",
      "-",
      "1",
      "",
      "₹",
    ]);
  });

  test("that nobody sees are left out: off the page, or of no size", () => {
    const hidden = `BT /F1 10 Tf 50 700 Td (seen) Tj ET BT /F1 10 Tf -200 700 Td (left) Tj ET
      BT /F1 10 Tf 50 900 Td (above) Tj ET BT /F1 0.01 Tf 50 600 Td (tiny) Tj ET`;
    assert.deepEqual(texts(content(hidden)), ["seen"]);
  });
});

test("digits of other scripts, and Arabic marks, are read as ours", () => {
  const codes = [0x669, 0x966, 0x9e7, 0xe59, 0x66b, 0x66c, 0x41, 0x3b1];
  assert.equal(codes.map((code) => glyphText(plainDigit(code))).join(""), "9019.,Aα");
});

suite("direction", () => {
  const rows = ["01/02/2024 Salary 1,000.00", "02/02/2024 Rent 400.00"];

  test("a diagonal watermark is left out", async () => {
    const bytes = await makePdf((doc) => {
      for (const [at, row] of rows.entries()) put(doc, row, 50, 100 + at * 20);
      doc
        .save()
        .rotate(-40, { origin: [300, 400] })
        .fontSize(60)
        .fillOpacity(0.2);
      put(doc, "SPECIMEN COPY", 100, 400);
      doc.restore();
    });
    assert.deepEqual(texts(bytes), [rows.join(" ")]);
  });

  for (const turn of [0, 90, 180, 270]) {
    for (const rotate of new Set([0, turn])) {
      test(`text turned by ${turn} on a page shown with /Rotate ${rotate} comes out upright`, () => {
        const radians = (turn * Math.PI) / 180;
        const [cos, sin] = [Math.round(Math.cos(radians)), Math.round(Math.sin(radians))];
        const matrix = (x: number, y: number): string => `${cos} ${sin} ${-sin} ${cos} ${x} ${y} Tm`;
        // Lines go down: to -90 degrees from the text's direction.
        const text = rows
          .map((row, at) => {
            const x = 300 + sin * 20 * at;
            const y = 400 - cos * 20 * at;
            return `BT /F1 10 Tf ${matrix(x, y)} (${row}) Tj ET`;
          })
          .join(" ");
        const bytes = onePage(stream("", Buffer.from(text)), `/Rotate ${rotate}`);
        const opened = open(bytes);
        assert.ok(opened.ok);
        const [page] = opened.document.pages;
        assert.equal(page?.words.map((word) => word.text).join(" "), rows.join(" "));
        assert.equal(page?.width, turn % 180 === 0 ? 595 : 842);
        const [first, , amount] = page?.words ?? [];
        assert.ok(first && amount);
        assert.ok(Math.abs(first.x1 - first.x0 - 50.04) < 0.2, "ten characters of 10/02/2024");
        assert.ok(amount.x0 > first.x1 && Math.abs(amount.y1 - first.y1) < 0.01);
      });
    }
  }

  test("the crop box is the page", () => {
    const text = "BT /F1 10 Tf 150 700 Td (inside) Tj ET BT /F1 10 Tf 20 700 Td (outside) Tj ET";
    const opened = open(onePage(stream("", Buffer.from(text)), "/CropBox [100 100 500 800]"));
    assert.ok(opened.ok);
    const [page] = opened.document.pages;
    assert.deepEqual([page?.width, page?.height], [400, 700]);
    const [word] = page?.words ?? [];
    assert.equal(page?.words.length, 1);
    assert.ok(Math.abs((word?.x0 ?? 0) - 50) < 0.01);
  });
});

suite("refusals", () => {
  const draw = (doc: PDFKit.PDFDocument): void =>
    put(doc, "Statement of account 01/02/2024 1,000.00", 50, 100);

  test("an encrypted file opens with its password only", async () => {
    const security = { userPassword: "sésame-1", ownerPassword: "owner-1", pdfVersion: "1.7ext3" } as const;
    const bytes = await makePdf(draw, security);
    assert.equal(codeOf(open(bytes)), "PASSWORD_INCORRECT");
    assert.equal(codeOf(open(bytes, "sesame-1")), "PASSWORD_INCORRECT");
    assert.equal(codeOf(open(bytes, "")), "PASSWORD_INCORRECT");
    assert.equal(codeOf(open(bytes, "sésame-1")), "ok");
    assert.equal(codeOf(open(bytes, "owner-1")), "ok");
  });

  test("a password for a file that needs none does no harm; an owner's restriction neither", async () => {
    assert.equal(codeOf(open(await makePdf(draw), "anything")), "ok");
    assert.equal(codeOf(open(await makePdf(draw, { ownerPassword: "owner-1" }))), "ok");
  });

  test("what is no PDF and what is a damaged one are told apart", () => {
    const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
    assert.equal(codeOf(open(bytes(""))), "STATEMENT_UNSUPPORTED_FORMAT not_pdf");
    assert.equal(codeOf(open(bytes("PK\u0003\u0004 a spreadsheet"))), "STATEMENT_UNSUPPORTED_FORMAT not_pdf");
    assert.equal(codeOf(open(bytes("%PDF-1.7\nnothing"))), "STATEMENT_UNSUPPORTED_FORMAT corrupt");
  });

  test("too many pages, without reading them", async () => {
    const bytes = await makePdf((doc) => {
      for (let page = 0; page < 12; page += 1) {
        if (page > 0) doc.addPage();
        draw(doc);
      }
    });
    const opened = open(bytes, null, 11);
    assert.equal(codeOf(opened), "STATEMENT_TOO_MANY_PAGES");
    assert.equal(opened.pageCount, 12);
    assert.equal(codeOf(open(bytes, null, 12)), "ok");
  });

  test("pictures without text, also under a stamp", () => {
    const image = stream(
      "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
      Buffer.of(128),
    );
    const scan = (text: string): Uint8Array =>
      rawPdf([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
            /Resources << /Font << /F1 6 0 R >> /XObject << /Im 5 0 R >> >> >>`,
        stream("", Buffer.from(`q 595 0 0 842 0 0 cm /Im Do Q BT /F1 8 Tf 20 20 Td (${text}) Tj ET`)),
        image,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      ]);
    assert.equal(codeOf(open(scan(""))), "PDF_IS_IMAGE");
    assert.equal(codeOf(open(scan("Scanned with PocketScan"))), "PDF_IS_IMAGE");
    assert.equal(codeOf(open(scan("A statement with a logo and all its text beside it"))), "ok");
  });

  test("text drawn as outlines, and an empty page", () => {
    assert.equal(codeOf(open(content("10 10 m 100 100 l 50 10 l h f"))), "PDF_IS_IMAGE");
    assert.equal(codeOf(open(content(""))), "STATEMENT_NO_TRANSACTIONS");
  });

  test("fonts that do not say which characters they show, unless the text for screen readers does", () => {
    const shown = "BT /F1 10 Tf 50 700 Td <00130014001500160017001800190020> Tj ET";
    assert.equal(codeOf(open(unmapped(shown))), "UNPARSABLE");
    assert.deepEqual(texts(unmapped(`/Span << /ActualText (1,000.00) >> BDC ${shown} EMC`)), ["1,000.00"]);
  });
});

/** A page whose font names no characters. */
function unmapped(shown: string): Uint8Array {
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
          /Resources << /Font << /F1 5 0 R >> >> >>`,
    stream("", Buffer.from(shown)),
    `<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Odd /Encoding /Identity-H /DescendantFonts [6 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Odd /DW 500 /FontDescriptor 7 0 R
          /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>`,
    `<< /Type /FontDescriptor /FontName /ABCDEF+Odd /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0
          /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>`,
  ]);
}

const CORPUS = new URL("../../../../shared/corpus/pdf/", import.meta.url);
const corpus = { skip: existsSync(CORPUS) ? false : "no corpus beside the repository" };

suite("published statements", corpus, () => {
  const lines: Record<string, string> = {
    "bsb-001-statement.pdf": "SC Savings Account 1612-7771-6576 SGD 15,336.33 15,336.33",
    "cmb_statement_fixture.pdf": "2025-02-05 转账-房租 -6,800.00 49,700.00",
    "dbs_statement_fixture.pdf": "DBS BANK LTD - DEPOSIT ACCOUNT STATEMENT",
    "opay.pdf": "02 May 2023 08:22:42 02 May 2023 500.00 -- 3,704.31 Mobile",
    "zenith.pdf": "30/06/2025 49.75 0.00 01/07/2025 13,790.35",
  };
  for (const [file, line] of Object.entries(lines)) {
    test(`${file} reads line by line`, () => {
      const bytes = new Uint8Array(readFileSync(new URL(file, CORPUS)));
      assert.ok(texts(bytes).join(" ").includes(line));
    });
  }
});
