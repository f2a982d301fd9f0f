/** Formats told by content, and what a file that cannot be read is answered with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { PLAIN_CSV, SAMPLE, toCamt, toCsv, toMt940, toOfx, toXlsx } from "./accounts.testing.ts";
import { formatOf } from "./format.ts";
import { readFormat } from "./read-format.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const OLE = Buffer.from("d0cf11e0a1b11ae1", "hex");

test("each format is known by what is in it", async () => {
  const camt = toCamt(SAMPLE);
  const files: [string, Uint8Array][] = [
    ["pdf", bytesOf("%PDF-1.7\n")],
    ["pdf", bytesOf("mail\r\n%PDF-1.4\n")],
    ["zip", await toXlsx(SAMPLE, true)],
    ["ofx", bytesOf(toOfx(SAMPLE, { sgml: true, opening: false }))],
    ["ofx", bytesOf(toOfx(SAMPLE, { sgml: false, opening: false }))],
    ["mt940", bytesOf(toMt940(SAMPLE))],
    [
      "mt940",
      bytesOf(
        `{1:F01ABNANL2AXXXX0000000000}{2:I940ABNANL2AXXXXN}{4:\r\n${toMt940(SAMPLE).replaceAll("\n", "\r\n")}}`,
      ),
    ],
    ["camt", bytesOf(camt)],
    ["camt", Buffer.from(`\ufeff${camt}`, "utf16le")],
    ["csv", bytesOf(toCsv(SAMPLE, PLAIN_CSV))],
    ["csv", bytesOf(toCsv(SAMPLE, { ...PLAIN_CSV, delimiter: "\t" }))],
    ["markup", bytesOf("<html><table><tr><td>2024-01-02</td></tr></table></html>")],
    [
      "markup",
      bytesOf('<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"/>'),
    ],
    ["unknown", bytesOf("Dear Sir,\nI have no statement.\n")],
    ["unknown", new Uint8Array(0)],
    ["unknown", new Uint8Array(5000)],
    ["unknown", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    ["ole", Buffer.concat([OLE, Buffer.alloc(600)])],
  ];
  for (const [kind, bytes] of files)
    assert.equal(formatOf(bytes).kind, kind, new TextDecoder().decode(bytes.subarray(0, 40)));
});

async function answerTo(bytes: Uint8Array): Promise<string> {
  const format = formatOf(bytes);
  assert.ok(format.kind !== "pdf" && format.kind !== "unknown", format.kind);
  const extraction = await readFormat(format, bytes, 10);
  if (extraction.ok) return "read";
  const { code, reason, stage } = extraction.error;
  return [stage, code, reason].filter((part) => part !== undefined).join(" ");
}

test("what cannot be read is answered with the contract's code", async () => {
  const locked = Buffer.concat([
    OLE,
    Buffer.alloc(500),
    Buffer.from("EncryptedPackage", "utf16le"),
    Buffer.alloc(50),
  ]);
  const workbook = await toXlsx(SAMPLE, true);
  const empty = toCsv({ ...SAMPLE, bookings: [] }, PLAIN_CSV);
  const answers: [string, Uint8Array][] = [
    ["open STATEMENT_UNSUPPORTED_FORMAT security", locked],
    ["open STATEMENT_UNSUPPORTED_FORMAT", Buffer.concat([OLE, Buffer.alloc(600)])],
    ["open STATEMENT_UNSUPPORTED_FORMAT", zipSync({ "content.xml": bytesOf("<x/>") })],
    ["open STATEMENT_UNSUPPORTED_FORMAT", bytesOf("<html><body>Statement</body></html>")],
    ["open STATEMENT_UNSUPPORTED_FORMAT corrupt", workbook.slice(0, workbook.length / 2)],
    ["open STATEMENT_UNSUPPORTED_FORMAT corrupt", bytesOf(toCamt(SAMPLE).slice(0, 900))],
    [
      "open STATEMENT_UNSUPPORTED_FORMAT corrupt",
      bytesOf(toOfx(SAMPLE, { sgml: true, opening: true }).slice(0, 900)),
    ],
    ["table STATEMENT_NO_TRANSACTIONS", bytesOf(`${empty}\r\n`)],
    [
      "table STATEMENT_NO_TRANSACTIONS",
      bytesOf(
        toMt940({ ...SAMPLE, bookings: [] })
          .replace(":62F", ":61:\n:62F")
          .replace(":61:\n", ""),
      ),
    ],
    ["table UNPARSABLE", bytesOf(toMt940(SAMPLE).replace(":61:24", ":61:xx"))],
    ["table UNPARSABLE", bytesOf(toCamt(SAMPLE).replace("CRDT</CdtDbtInd><Sts>", "</CdtDbtInd><Sts>"))],
  ];
  for (const [answer, bytes] of answers) assert.equal(await answerTo(bytes), answer);
});
