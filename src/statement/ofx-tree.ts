/** OFX as a tree: SGML of 1.x, whose values are never closed, and XML of 2.x, which is a part of it for our purpose. */
import { Damaged, TooLarge } from "./unreadable.ts";

/** An aggregate: values by name, and aggregates inside it. */
export interface Aggregate {
  name: string;
  values: Map<string, string>;
  children: Aggregate[];
  /** 1-based line of the file. */
  line: number;
}

/**
 * Names that hold others. Any other name holds a value: an empty one (`<MEMO>` and nothing behind it) must not
 * swallow what follows.
 */
const AGGREGATE =
  /^(?:OFX|\w+MSGSRS\w*|\w+TRNRS|\w+RS|STATUS|FI|\w*ACCTFROM|\w*ACCTTO|BANKTRANLISTP?|STMTTRNP?|LEDGERBAL|AVAILBAL|CASHADVBALAMT|BALLIST|BAL|PAYEE|EXTDPAYEE|CURRENCY|ORIGCURRENCY|CLOSING|CCCLOSING|IMAGEDATA|REWARDINFO)$/;
/** Lengths are bounded, and a name ends where it ends: a tag that never does must not be tried from each of its letters. */
const TAG = /<(\/?)([A-Za-z0-9_.]{1,40})(?=[\s/>])[^<>]{0,400}>([^<]*)/g;
const DEEPEST = 24;
const MOST = 1_000_000;

/** The `OFX` element. Throws Damaged where it is not closed: the file ends too early. */
export function parseOfx(text: string): Aggregate {
  const start = text.search(/<OFX>/i);
  const path: Aggregate[] = [{ name: "", values: new Map(), children: [], line: 1 }];
  const lineAt = lineCounter(text);
  let seen = 0;
  for (const { 1: slash, 2: tag = "", 3: value = "", index } of plain(text).matchAll(TAG)) {
    if (index < start) continue;
    seen += 1;
    if (seen > MOST) throw new TooLarge("The file holds more than any statement does");
    const name = tag.toUpperCase();
    if (slash === "/") close(path, name);
    else if (AGGREGATE.test(name)) open(path, name, lineAt(index));
    else path.at(-1)?.values.set(name, decode(value.trim()));
  }
  const root = path[0]?.children.find(({ name }) => name === "OFX");
  if (root === undefined || path.length > 1) throw new Damaged("The file ends too early");
  return root;
}

const CDATA = "<![CDATA[";
const CDATA_END = "]]>";

/** `<MEMO><![CDATA[A & B]]></MEMO>`: the marks become what they protect, in as many characters. */
function plain(text: string): string {
  const [before = "", ...parts] = text.split(CDATA);
  return parts.reduce((done, part) => {
    const end = part.indexOf(CDATA_END);
    if (end < 0) return done + " ".repeat(CDATA.length) + part;
    const inside = part.slice(0, end).replace(/[<>]/g, " ");
    return done + inside + " ".repeat(CDATA.length + CDATA_END.length) + part.slice(end + CDATA_END.length);
  }, before);
}

function open(path: Aggregate[], name: string, line: number): void {
  if (path.length > DEEPEST) throw new Damaged("The file nests deeper than the format");
  const child: Aggregate = { name, values: new Map(), children: [], line };
  path.at(-1)?.children.push(child);
  path.push(child);
}

/** The end of a value, or of the aggregate that is open. One that is not open is nobody's. */
function close(path: Aggregate[], name: string): void {
  const at = path.findLastIndex((aggregate) => aggregate.name === name);
  if (at > 0) path.length = at;
}

/** Counts on from the last place asked for. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let at = 0;
  return (index) => {
    for (let i = text.indexOf("\n", at); i >= 0 && i < index; i = text.indexOf("\n", i + 1)) {
      line += 1;
      at = i + 1;
    }
    return line;
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,6})|(\w{2,6}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 31 && code < 0x110000 ? String.fromCodePoint(code) : " ";
    },
  );
}

/** Every aggregate with one of these names, in the file's order. */
export function findAll(node: Aggregate, names: readonly string[]): Aggregate[] {
  return node.children.flatMap((child) => [
    ...(names.includes(child.name) ? [child] : []),
    ...findAll(child, names),
  ]);
}

export function childOf(node: Aggregate | undefined, name: string): Aggregate | undefined {
  return node?.children.find((child) => child.name === name);
}

/** Null where the value is absent or empty. */
export function valueOf(node: Aggregate | undefined, name: string): string | null {
  return node?.values.get(name) || null;
}
