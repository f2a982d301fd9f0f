const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** For text and attributes of the parts that we write ourselves. */
export const escaped = (value: string): string => value.replaceAll(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
