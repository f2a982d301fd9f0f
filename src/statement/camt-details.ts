/** What a CAMT.053 entry was for: who stands on the other side, and the words of the payment. */
import { foldSpaces } from "./text.ts";
import { children, find, textAt, type XmlNode } from "./xml.ts";

interface Described {
  description: string;
  reference: string | null;
}

/** A batch of thousands is one booking with one line; so many of its payments are named. */
const MOST_NAMED = 20;

/** @param details its payments; of a batch that is one booking, all */
export function describeEntry(entry: XmlNode, details: readonly XmlNode[]): Described {
  const outgoing = textAt(entry, "CdtDbtInd") === "DBIT";
  const parts = details.slice(0, MOST_NAMED).flatMap((detail) => wordsOf(detail, outgoing));
  const extra = textAt(entry, "AddtlNtryInf");
  const words = [...new Set(parts.length === 0 || details.length > 1 ? [extra, ...parts] : parts)];
  const said = words.filter((word) => word !== null);
  const [only] = details;
  return {
    description: foldSpaces(said.length > 0 ? said.join(" ") : (codeOf(entry) ?? "")),
    reference:
      (details.length === 1 && only !== undefined ? referenceOf(only) : null) ??
      named(textAt(entry, "NtryRef")),
  };
}

function wordsOf(detail: XmlNode, outgoing: boolean): string[] {
  const remittance = find(detail, "RmtInf");
  const words = [
    partyOf(detail, outgoing),
    ...children(remittance, "Ustrd").map(({ text }) => text.trim()),
    ...children(remittance, "Strd").map((node) => textAt(node, "CdtrRefInf", "Ref")),
    ...children(remittance, "Strd").map((node) => textAt(node, "AddtlRmtInf")),
  ].filter((word) => word !== null && word !== "");
  const extra = textAt(detail, "AddtlTxInf");
  return words.length <= 1 && extra !== null ? [...words.filter((word) => word !== null), extra] : words.filter((word) => word !== null); // prettier-ignore
}

/** Of a debit the creditor, of a credit the debtor; from version 08 on the name stands one element deeper. */
function partyOf(detail: XmlNode, outgoing: boolean): string | null {
  const parties = find(detail, "RltdPties");
  const [other, own] = outgoing ? ["Cdtr", "Dbtr"] : ["Dbtr", "Cdtr"];
  const nameOf = (role: string): string | null =>
    textAt(parties, role, "Nm") ?? textAt(parties, role, "Pty", "Nm");
  const ultimate = nameOf(`Ultmt${other}`);
  // A returned payment keeps the roles of the payment that it returns.
  const name = nameOf(other ?? "") ?? nameOf(own ?? "");
  return [name, ultimate].filter((part) => part !== null).join(" ") || null;
}

function referenceOf(detail: XmlNode): string | null {
  const refs = find(detail, "Refs");
  return (
    named(textAt(refs, "EndToEndId")) ??
    named(textAt(refs, "TxId")) ??
    named(textAt(refs, "InstrId")) ??
    named(textAt(refs, "ChqNb"))
  );
}

function named(text: string | null): string | null {
  return text === null || /^NOT ?PROVIDED$|^NONREF$/i.test(text) ? null : text;
}

/** Nothing else said: the kind of booking in the bank's own code, or ISO's (`ESCT`). */
function codeOf(entry: XmlNode): string | null {
  const code = find(entry, "BkTxCd");
  const codes = [textAt(code, "Prtry", "Cd"), textAt(code, "Domn", "Fmly", "SubFmlyCd")];
  return codes.find((text) => text !== null && /[A-Z]/i.test(text)) ?? null;
}
