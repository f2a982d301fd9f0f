/** The part of the WebAssembly API that this room uses: the standard library without DOM declares none of it. */
declare namespace WebAssembly {
  type ImportValue = unknown;
  type Imports = Record<string, Record<string, ImportValue>>;
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: { new (bytes: Uint8Array<ArrayBuffer>): Module; prototype: Module };
  class Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; throws a RangeError past the maximum. */
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}
