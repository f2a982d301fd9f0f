/**
 * A field that a format requires does not say what it must: without it no row and no balance can be trusted. The
 * message names the field and the line, never what stands in it.
 */
export class Unreadable extends Error {
  constructor(field: string, line: number) {
    super(`Line ${line}: ${field} cannot be read`);
  }
}

/** The file holds more than any statement does. */
export class TooLarge extends Error {}

/** The file is damaged: it ends too early, or is not what it says it is. */
export class Damaged extends Error {}
