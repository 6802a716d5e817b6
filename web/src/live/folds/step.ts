/** How one entry with a body becomes one step of the fold. */

import type { Actor, Entry } from "../entries";
import type { CaseState } from "../state";
import type { Fields } from "../wire";

/** An entry that this reader may read. */
export interface Told {
  readonly entry: Entry;
  readonly data: Fields;
  readonly by: Actor;
}

export type Step = (state: CaseState, told: Told) => CaseState;
export type Steps = Readonly<Record<string, Step>>;

/** Return the things with one of them changed; the same things when there is none of that key. */
export function withChanges<Value>(
  things: Readonly<Record<string, Value>>,
  key: string | null,
  changes: Partial<Value>,
): Readonly<Record<string, Value>> {
  const known = key === null ? undefined : things[key];
  return key === null || known === undefined ? things : { ...things, [key]: { ...known, ...changes } };
}
