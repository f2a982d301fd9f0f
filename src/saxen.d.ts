/** saxen ships no types. Its interface as its README gives it, without namespaces and proxies. */
declare module "saxen" {
  export class Parser {
    on(
      hook: "openTag",
      heed: (
        name: string,
        /** Parsed when asked for; values as written, entities not decoded. */
        attributes: () => Record<string, string>,
        decode: (text: string) => string,
        selfClosing: boolean,
      ) => void,
    ): this;
    on(
      hook: "closeTag",
      heed: (name: string, decode: (text: string) => string, selfClosing: boolean) => void,
    ): this;
    on(hook: "text", heed: (text: string, decode: (text: string) => string) => void): this;
    /** `attention`: a declaration, such as DOCTYPE; `question`: a processing instruction. */
    on(hook: "cdata" | "comment" | "attention" | "question", heed: (text: string) => void): this;
    /** `error`: not well-formed, and the end. `warn`: odd, and read on. */
    on(hook: "error" | "warn", heed: (fault: Error) => void): this;
    parse(xml: string): this;
  }
}
