/** One line of the ledger as a reader gets it. Outside the reader's audience `tag`, `actor` and `data` are null. */

import { type Fields, isFields, numberAt, textAt, textOrNullAt, WireError } from "./wire";

export interface Actor {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface Entry {
  readonly log_id: string;
  readonly seq: number;
  readonly entry_class: string;
  /** Server time, ISO 8601 in UTC. */
  readonly at: string;
  readonly commitment: string;
  readonly tag: string | null;
  readonly actor: Actor | null;
  readonly data: Fields | null;
}

function fieldsOrNull(fields: Fields, key: string): Fields | null {
  const value = fields[key];
  if (value === null || value === undefined) {
    return null;
  }
  if (!isFields(value)) {
    throw new WireError(key, "object");
  }
  return value;
}

function readActor(fields: Fields | null): Actor | null {
  if (fields === null) {
    return null;
  }
  return {
    kind: textAt(fields, "kind"),
    id: textAt(fields, "id"),
    name: textAt(fields, "name"),
    role: textOrNullAt(fields, "role") ?? "",
  };
}

function readEntry(value: unknown): Entry {
  if (!isFields(value)) {
    throw new WireError("entry", "object");
  }
  return {
    log_id: textAt(value, "log_id"),
    seq: numberAt(value, "seq"),
    entry_class: textAt(value, "entry_class"),
    at: textAt(value, "at"),
    commitment: textAt(value, "commitment"),
    tag: textOrNullAt(value, "tag"),
    actor: readActor(fieldsOrNull(value, "actor")),
    data: fieldsOrNull(value, "data"),
  };
}

export function readEntries(value: unknown): readonly Entry[] {
  if (!Array.isArray(value)) {
    throw new WireError("entries", "list");
  }
  return value.map(readEntry);
}
