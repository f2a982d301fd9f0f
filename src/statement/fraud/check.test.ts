import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  findingsIn,
  MADE,
  objectLike,
  outline,
  pageStream,
  putRight,
  statementPdf,
  withUpdate,
} from "./testing.ts";
import type { Cell } from "./testing.ts";

const later = (hours: number): Date => new Date(MADE.getTime() + hours * 3_600_000);
const is = (cell: Cell, column: Cell["column"], row: number, page = 0): boolean =>
  cell.column === column && cell.row === row && cell.page === page;

test("a bank's own file is not accused, and nothing is noted", async () => {
  assert.deepEqual(await findingsIn(await statementPdf()), []);
  assert.deepEqual(await findingsIn(await statementPdf({ pages: 4, info: { ModDate: later(2) } })), []);
});

suite("author_fraud", () => {
  const cases: [Producer: string, Creator: string, string[]][] = [
    ["iLovePDF", "", ["accuses author_fraud producer_is_editor"]],
    ["Microsoft® Word 2019", "Microsoft® Word 2019", ["accuses author_fraud producer_is_editor"]],
    ["Adobe PDF Library 15.0", "Adobe Illustrator CC 2019", ["accuses author_fraud creator_is_editor"]],
    ["iText 5.5.13", "Adobe InDesign CS6", ["notes author_fraud creator_is_editor"]],
    [
      "Microsoft® Word 2013; modified using iText® 5.5.13 ©2000-2018",
      "Word",
      ["notes author_fraud creator_is_editor"],
    ],
    ["Skia/PDF m117", "Mozilla/5.0 Chrome/117", ["notes author_fraud rewritten_by_tool"]],
    ["Skia/PDF m117 Google Docs Renderer", "", ["accuses author_fraud producer_is_editor"]],
    ["Microsoft: Print To PDF", "", ["notes author_fraud rewritten_by_tool"]],
    ["Nitro PDF PrimoPDF", "", ["notes author_fraud rewritten_by_tool"]],
    [
      "Adobe Acrobat Pro DC (32-bit) 21.7 Paper Capture Plug-in",
      "",
      ["notes author_fraud rewritten_by_tool"],
    ],
    ["Adobe Acrobat Pro DC (32-bit) 21.7", "", ["accuses author_fraud producer_is_editor"]],
    ["Apache FOP Version 2.6", "", []],
    ["In-house formatter 3", "In-house formatter", []],
  ];
  for (const [Producer, Creator, expected] of cases) {
    test(`"${Producer}" from "${Creator}": ${expected.join(", ") || "nothing"}`, async () => {
      const found = await findingsIn(await statementPdf({ info: { Producer, Creator } }));
      assert.deepEqual(outline(found), expected);
      if (expected.length > 0) assert.equal(found[0]?.evidence["producer"], Producer);
    });
  }

  test("an editor that signed an earlier version or the XMP is found behind a clean producer", async () => {
    const update = withUpdate(await statementPdf(), [
      [90, "<< /Producer (Sejda 3.2) /ModDate (D:20240301061000Z) >>"],
    ]);
    assert.deepEqual(outline(await findingsIn(update)), [
      "accuses author_fraud earlier_producer_is_editor",
      "notes date_fraud updated_after_writing",
    ]);
    const xmp = "<x:xmpmeta><pdf:Producer>Smallpdf</pdf:Producer></x:xmpmeta>";
    const described = Buffer.concat([await statementPdf(), Buffer.from(`%${xmp}\n`)]);
    assert.deepEqual(outline(await findingsIn(new Uint8Array(described))), [
      "accuses author_fraud earlier_producer_is_editor",
    ]);
  });

  test("a picture's XMP accuses nobody: Photoshop drew the bank's logo", async () => {
    const xmp = "<x:xmpmeta><xmp:CreatorTool>Adobe Photoshop CC</xmp:CreatorTool></x:xmpmeta>";
    const bytes = Buffer.concat([await statementPdf(), Buffer.from(`%${xmp}\n`)]);
    assert.deepEqual(await findingsIn(new Uint8Array(bytes)), []);
  });
});

suite("date_fraud", () => {
  test("changed days after it was made: a server may stamp it, an unknown program is accused", async () => {
    const found = await findingsIn(
      await statementPdf({ info: { Producer: "Form 7", Creator: "Form", ModDate: later(72) } }),
    );
    assert.deepEqual(outline(found), ["accuses date_fraud modified_after_creation"]);
    assert.deepEqual(found[0]?.evidence, {
      created: "2024-03-01T06:00:00Z",
      modified: "2024-03-04T06:00:00Z",
      hours: 72,
      producer: "Form 7",
    });
    assert.deepEqual(outline(await findingsIn(await statementPdf({ info: { ModDate: later(72) } }))), [
      "notes date_fraud modified_after_creation",
    ]);
  });

  test("where nothing says who changed it, nobody is accused", async () => {
    const bytes = await statementPdf({ info: { ModDate: later(72) } });
    const nameless = Buffer.from(bytes).toString("latin1").replace("/Producer", "/Pr0ducer");
    assert.deepEqual(outline(await findingsIn(new Uint8Array(Buffer.from(nameless, "latin1")))), [
      "notes date_fraud modified_after_creation",
    ]);
  });

  test("changed before it was made, and made before its last row, are noted", async () => {
    assert.deepEqual(outline(await findingsIn(await statementPdf({ info: { ModDate: later(-50) } }))), [
      "notes date_fraud modified_before_creation",
    ]);
    const early = await findingsIn(
      await statementPdf({ info: { CreationDate: new Date("2024-02-10T00:00:00Z") } }),
    );
    assert.deepEqual(outline(early), ["notes date_fraud made_before_its_last_row"]);
    assert.deepEqual(early[0]?.evidence, { written: "2024-02-10T00:00:00Z", last_row: "2024-02-25" });
  });

  test("fixed dates of programs that hide when they ran say nothing", async () => {
    const CreationDate = new Date("2000-01-01T00:00:00Z");
    assert.deepEqual(await findingsIn(await statementPdf({ info: { CreationDate } })), []);
  });
});

suite("later versions of a file", () => {
  const drawing = "BT /F1 10 Tf 1 0 0 1 50 500 Tm (nothing that matters) Tj ET";

  test("that draw a page anew are accused", async () => {
    const bytes = await statementPdf();
    const [page, body] = objectLike(bytes, /\/Type \/Page\b/);
    const added = withUpdate(bytes, [
      [page, body.replace(/\/Contents (\d+ 0 R)/, "/Contents [$1 91 0 R]")],
      [91, pageStream(drawing)],
    ]);
    const found = await findingsIn(added);
    assert.deepEqual(outline(found), ["accuses date_fraud page_content_replaced"]);
    assert.deepEqual(found[0]?.evidence, {
      updates: 1,
      objects: 2,
      replaced: 1,
      redrawn_pages: 1,
      added_pages: 0,
      signed: false,
    });
  });

  test("that write the same drawing again, or only sign, are noted", async () => {
    const bytes = await statementPdf();
    const [page, body] = objectLike(bytes, /\/Type \/Page\b/);
    const again = withUpdate(bytes, [objectLike(bytes, /\/Type \/Page\b/)]);
    assert.deepEqual(outline(await findingsIn(again)), ["notes date_fraud updated_after_writing"]);
    const signed = withUpdate(bytes, [
      [page, body.replace("/Contents", "/Annots [92 0 R] /Contents")],
      [92, "<< /Type /Annot /Subtype /Widget /FT /Sig /V 93 0 R /Rect [0 0 0 0] >>"],
      [93, "<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>"],
    ]);
    const [finding] = await findingsIn(signed);
    assert.equal(finding?.reason, "updated_after_writing");
    assert.equal(finding?.evidence["signed"], true);
  });

  test("that a server's program stamps on within minutes are noted", async () => {
    const bytes = await statementPdf({ info: { ModDate: later(0.05) } });
    const [page, body] = objectLike(bytes, /\/Type \/Page\b/);
    const stamped = withUpdate(bytes, [
      [page, body.replace(/\/Contents (\d+ 0 R)/, "/Contents [$1 91 0 R]")],
      [91, pageStream(drawing)],
    ]);
    assert.deepEqual(outline(await findingsIn(stamped)), ["notes date_fraud page_content_replaced"]);
  });

  test("that hold nothing, and a linearised file's first part, are none", async () => {
    assert.deepEqual(await findingsIn(withUpdate(await statementPdf(), [])), []);
    const bytes = Buffer.from(await statementPdf()).toString("latin1");
    const linear = bytes.replace("%PDF-1.3\n", "%PDF-1.3\n% startxref\n0\n%%EOF\n");
    assert.deepEqual(await findingsIn(new Uint8Array(Buffer.from(linear, "latin1"))), []);
  });
});

suite("font_fraud", () => {
  test("one amount in a font that paints nothing else", async () => {
    const bytes = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (!is(cell, "balance", 4)) return false;
        doc.font("Courier");
        putRight(doc, text, right, y);
        doc.font("Helvetica");
        return true;
      },
    });
    const found = await findingsIn(bytes);
    assert.deepEqual(outline(found), ["accuses font_fraud amount_in_another_font"]);
    assert.equal(found[0]?.row, 4);
    assert.partialDeepStrictEqual(found[0]?.evidence, {
      page: 1,
      cell: "balance",
      font: "Courier",
      column_font: "Helvetica",
      others: 7,
    });
  });

  test("digits of another font inside an amount", async () => {
    const bytes = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (!is(cell, "balance", 3)) return false;
        const [head, rest] = [text.slice(0, 2), text.slice(2)];
        doc.font("Helvetica");
        putRight(doc, rest, right, y);
        const left = right - doc.widthOfString(rest);
        doc.font("Times-Roman");
        putRight(doc, head, left, y);
        doc.font("Helvetica");
        return true;
      },
    });
    assert.deepEqual(outline(await findingsIn(bytes)), ["accuses font_fraud amount_in_another_font"]);
  });

  test("one amount of another size", async () => {
    const bytes = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (!is(cell, "balance", 5)) return false;
        doc.fontSize(11.5);
        putRight(doc, text, right, y);
        doc.fontSize(10);
        return true;
      },
    });
    const found = await findingsIn(bytes);
    assert.deepEqual(outline(found), ["accuses font_fraud amount_of_another_size"]);
    assert.partialDeepStrictEqual(found[0]?.evidence, { size: 11.5, column_size: 10 });
  });

  test("a bold row, a bank's second font, and an amount shrunk to its cell are design", async () => {
    const bold = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (cell.row !== 4) return false;
        doc.font("Helvetica-Bold");
        if (right === 0)
          doc.text(text, cell.column === "date" ? 50 : 130, y, { lineBreak: false, baseline: "alphabetic" }); // prettier-ignore
        else putRight(doc, text, right, y);
        doc.font("Helvetica");
        return true;
      },
    });
    assert.deepEqual(await findingsIn(bold), []);
    const second = await statementPdf({
      cell(doc, cell, text, right, y) {
        const isText = cell.column === "text" && cell.row === 1;
        if (!isText && !is(cell, "balance", 4)) return false;
        doc.font("Helvetica-Bold");
        if (isText) doc.text(text, 130, y, { lineBreak: false, baseline: "alphabetic" });
        else putRight(doc, text, right, y);
        doc.font("Helvetica");
        return true;
      },
    });
    assert.deepEqual(await findingsIn(second), []);
    // One amount column, the credits of which are bold: noted.
    const credits = await statementPdf({
      rows: 10,
      cell(doc, cell, text, right, y) {
        if (cell.column !== "credit" && cell.column !== "debit") return false;
        doc.font(cell.column === "credit" ? "Helvetica-Bold" : "Helvetica");
        putRight(
          doc,
          cell.column === "credit" ? text : `-${text}`,
          right - (cell.column === "credit" ? 80 : 0),
          y,
        );
        doc.font("Helvetica");
        return true;
      },
    });
    assert.deepEqual(new Set(outline(await findingsIn(credits))), new Set(["notes font_fraud amount_in_another_font"])); // prettier-ignore
    // At the column's size it would be wider than all others.
    const shrunk = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (!is(cell, "balance", 5)) return false;
        doc.fontSize(8);
        putRight(doc, `EUR${text}`, right, y);
        doc.fontSize(10);
        return true;
      },
    });
    assert.deepEqual(await findingsIn(shrunk), []);
  });
});

suite("overlay_fraud", () => {
  test("an amount painted over another, a white box between them or not", async () => {
    for (const box of [true, false]) {
      const bytes = await statementPdf({
        cell(doc, cell, text, right, y) {
          if (!is(cell, "balance", 2)) return false;
          putRight(doc, "9,111.77", right, y);
          if (box)
            doc
              .rect(right - 60, y - 9, 62, 12)
              .fill("white")
              .fillColor("black");
          putRight(doc, text, right, y);
          return true;
        },
      });
      const found = await findingsIn(bytes);
      assert.deepEqual(outline(found), ["accuses overlay_fraud amount_over_amount"]);
      assert.equal(found[0]?.evidence["painted_first"], "9,111.77");
      assert.equal(found[0]?.row, 2);
    }
  });

  test("bold by printing twice, and unseen labels for readers, are none", async () => {
    const twice = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (cell.column !== "balance") return false;
        putRight(doc, text, right, y);
        putRight(doc, text, right + 0.4, y);
        return true;
      },
    });
    assert.deepEqual(await findingsIn(twice), []);
    const label = await statementPdf({
      cell(doc, cell, text, right, y) {
        if (!is(cell, "balance", 2)) return false;
        putRight(doc, text, right, y);
        doc.addContent("3 Tr");
        putRight(doc, "9,111.77", right, y);
        doc.addContent("0 Tr");
        return true;
      },
    });
    assert.deepEqual(await findingsIn(label), []);
  });
});

suite("page_fraud", () => {
  test("one page whose amounts are in other fonts than those of the rest", async () => {
    const found = await findingsIn(
      await statementPdf({ pages: 4, font: (page) => (page === 2 ? "Times-Roman" : "Helvetica") }),
    );
    assert.deepEqual(outline(found), ["accuses page_fraud page_in_other_fonts"]);
    assert.deepEqual(found[0]?.evidence, {
      page: 3,
      fonts: ["times"],
      other_fonts: ["helvetica"],
      other_pages: 3,
    });
  });

  test("private data of an editor on one page of several; on every page it is the template's", async () => {
    const bytes = await statementPdf({ pages: 2 });
    const text = Buffer.from(bytes).toString("latin1");
    const pages = Array.from(text.matchAll(/\/Type \/Page\b(?!s)/g)).length;
    assert.equal(pages, 2);
    const touch = (count: number): Uint8Array => {
      let left = count;
      const touched = text.replaceAll(/\/Type \/Page\b(?!s)/g, (match) => (left-- > 0 ? `${match} /PieceInfo << /Illustrator 9 0 R >>` : match)); // prettier-ignore
      return new Uint8Array(Buffer.from(touched, "latin1"));
    };
    const [finding] = await findingsIn(touch(1));
    assert.equal(finding?.reason, "pages_touched_by_program");
    assert.deepEqual(finding?.evidence, { touched_pages: 1, pages: 2, programs: ["Illustrator"] });
    assert.deepEqual(await findingsIn(touch(2)), []);
  });

  test("bold and plain of one family, and documents of two pages, are none", async () => {
    const font = (page: number): string => (page === 1 ? "Helvetica-Bold" : "Helvetica");
    assert.deepEqual(await findingsIn(await statementPdf({ pages: 4, font })), []);
    const two = (page: number): string => (page === 1 ? "Courier" : "Helvetica");
    assert.deepEqual(await findingsIn(await statementPdf({ pages: 2, font: two })), []);
  });
});
