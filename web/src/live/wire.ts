/** Reading of what came over the wire: every field is checked once, here at the edge. No domain words live here. */

export type Json = null | boolean | number | string | readonly Json[] | Fields;
export interface Fields {
  readonly [key: string]: Json;
}

/** What arrived has another shape than the protocol says: a bug on one side, never something to guess around. */
export class WireError extends Error {
  readonly field: string;

  constructor(field: string, expected: string) {
    super(`${field}: ${expected} expected`);
    this.name = "WireError";
    this.field = field;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== "string") {
    throw new WireError(key, "text");
  }
  return value;
}

export function textOrNullAt(fields: Fields, key: string): string | null {
  const value = fields[key];
  return value === null || value === undefined ? null : textAt(fields, key);
}

export function numberAt(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== "number") {
    throw new WireError(key, "number");
  }
  return value;
}

export function flagAt(fields: Fields, key: string): boolean {
  const value = fields[key];
  if (typeof value !== "boolean") {
    throw new WireError(key, "true or false");
  }
  return value;
}

export function textsAt(fields: Fields, key: string): readonly string[] {
  const value = fields[key];
  if (!Array.isArray(value)) {
    throw new WireError(key, "list of texts");
  }
  return value.map((one) => {
    if (typeof one !== "string") {
      throw new WireError(key, "list of texts");
    }
    return one;
  });
}

/** Read one of a closed set of words; a word outside it is a WireError. */
export function wordAt<Word extends string>(fields: Fields, key: string, words: readonly Word[]): Word {
  const value = textAt(fields, key);
  const word = words.find((one) => one === value);
  if (word === undefined) {
    throw new WireError(key, `one of ${words.join(", ")}`);
  }
  return word;
}

export function wordOrNullAt<Word extends string>(fields: Fields, key: string, words: readonly Word[]): Word | null {
  return textOrNullAt(fields, key) === null ? null : wordAt(fields, key, words);
}
