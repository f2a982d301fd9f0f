import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { limitMemory, WASM_PAGE_BYTES } from "./memory-limit.ts";

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** Exports memory 0 as "m". */
const EXPORT = [7, 5, 1, 1, 0x6d, 2, 0];

function memoryOf(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Memory {
  const memory = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports["m"];
  assert.ok(memory instanceof WebAssembly.Memory);
  return memory;
}

const modules = {
  "without a maximum": [...MAGIC, 5, 3, 1, 0, 1, ...EXPORT],
  "with a maximum of 2 GiB": [...MAGIC, 5, 6, 1, 1, 1, 0x80, 0x80, 2, ...EXPORT],
};

for (const [name, bytes] of Object.entries(modules)) {
  test(`a memory ${name} grows to the limit and not past it`, () => {
    const memory = memoryOf(limitMemory(Uint8Array.from(bytes), 200 * WASM_PAGE_BYTES));
    memory.grow(199);
    assert.equal(memory.buffer.byteLength, 200 * WASM_PAGE_BYTES);
    assert.throws(() => memory.grow(1), RangeError);
  });
}

test("a lower declared maximum stays", () => {
  const memory = memoryOf(limitMemory(Uint8Array.from([...MAGIC, 5, 4, 1, 1, 1, 3, ...EXPORT]), 2 ** 30));
  memory.grow(2);
  assert.throws(() => memory.grow(1), RangeError);
});

test("bytes that are no module, or define no memory, or need more than the limit, are refused", () => {
  assert.throws(() => limitMemory(Uint8Array.of(1, 2, 3), 2 ** 30), /no magic number/);
  assert.throws(() => limitMemory(Uint8Array.from(MAGIC), 2 ** 30), /no memory of its own/);
  assert.throws(
    () => limitMemory(Uint8Array.from([...MAGIC, 5, 3, 1, 0, 9]), 8 * WASM_PAGE_BYTES),
    /needs 9/,
  );
  assert.throws(() => limitMemory(Uint8Array.from([...MAGIC, 5, 3, 1, 3, 1]), 2 ** 30), /unexpected memory/);
  assert.throws(() => limitMemory(Uint8Array.from([...MAGIC, 5, 0x80]), 2 ** 30), /cut off/);
});

test("PDFium's own module compiles after the change", () => {
  const bytes = readFileSync(fileURLToPath(import.meta.resolve("@embedpdf/pdfium/pdfium.wasm")));
  assert.ok(WebAssembly.validate(limitMemory(bytes, 384 * 2 ** 20)));
});
