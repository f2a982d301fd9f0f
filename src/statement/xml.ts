/** XML as a tree, within limits. Entities are never expanded beyond the five of XML itself; a DOCTYPE is refused. */
import { Parser } from "saxen";
import { Damaged, TooLarge } from "./unreadable.ts";

export interface XmlNode {
  /** Without its namespace prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlNode[];
  /** The text directly inside, joined. */
  text: string;
}

/** CAMT.053 nests some 15 deep. */
const DEEPEST = 64;
/** A statement of 10,000 bookings holds half of it; a node takes some 200 bytes. */
const MOST_NODES = 600_000;

/** The root element. Throws Damaged where it is no well-formed XML, TooLarge beyond the limits. */
export function parseXml(xml: string): XmlNode {
  const top: XmlNode = { name: "", attributes: {}, children: [], text: "" };
  const path: XmlNode[] = [top];
  let nodes = 0;
  const parser = new Parser();
  parser.on("openTag", (name, attributes, decode) => {
    nodes += 1;
    if (nodes > MOST_NODES || path.length > DEEPEST) throw new TooLarge("The XML holds more than it may");
    const node: XmlNode = {
      name: local(name),
      attributes: decoded(attributes(), decode),
      children: [],
      text: "",
    };
    path.at(-1)?.children.push(node);
    path.push(node);
  });
  parser.on("closeTag", () => {
    path.pop();
  });
  const addText = (text: string): void => {
    const node = path.at(-1);
    if (node !== undefined && node !== top) node.text += text;
  };
  parser.on("text", (text, decode) => {
    if (text.trim() !== "") addText(decode(text));
  });
  parser.on("cdata", addText);
  parser.on("attention", () => {
    throw new Damaged("A statement has no document type");
  });
  parser.on("error", () => {
    throw new Damaged("The XML is not well formed");
  });
  parser.parse(xml);
  const [root] = top.children;
  if (root === undefined || path.length !== 1) throw new Damaged("The XML ends too early");
  return root;
}

function decoded(
  attributes: Record<string, string>,
  decode: (text: string) => string,
): XmlNode["attributes"] {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), decode(value)]));
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** Children of this name, in order. */
export function children(node: XmlNode | null, name: string): XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** The first element along a path of names, or null. */
export function find(node: XmlNode | null, ...path: string[]): XmlNode | null {
  let at = node;
  for (const name of path) at = at?.children.find((child) => child.name === name) ?? null;
  return at;
}

/** Its text without surrounding space; null where there is no such element, or nothing in it. */
export function textAt(node: XmlNode | null, ...path: string[]): string | null {
  const text = find(node, ...path)?.text.trim() ?? "";
  return text === "" ? null : text;
}
