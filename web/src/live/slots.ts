/** Which slot of the one connection to a room shows which source. Pure. */

/** The server lets a viewer have as many; voices are light, so that nobody in a full room goes unheard. */
export const VOICE_SLOTS = 8;
/** The first slots have pictures too; sound and picture of a slot are played in step. */
export const PICTURE_SLOTS = 4;

export type Slots = readonly (string | null)[];

export interface Wish {
  readonly id: string;
  readonly picture: boolean;
}

/**
 * Keep every source in the slot that it has and give new ones a free slot: pictures the first, voices the last, so that
 * they do not take a picture's place. What finds none is not shown until another goes.
 */
export function assignSlots(before: Slots, wishes: readonly Wish[], pictureSlots: number): Slots {
  const wanted = new Set(wishes.map((wish) => wish.id));
  const slots = Array.from({ length: VOICE_SLOTS }, (_, at) => {
    const id = before[at] ?? null;
    return id !== null && wanted.has(id) ? id : null;
  });
  for (const wish of wishes) {
    if (!slots.includes(wish.id)) {
      const free = wish.picture ? slots.slice(0, pictureSlots).indexOf(null) : slots.lastIndexOf(null);
      if (free >= 0) {
        slots[free] = wish.id;
      }
    }
  }
  return slots;
}

export function sameSlots(one: Slots, other: Slots): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
