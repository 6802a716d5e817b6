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
 * Keep every source in the slot that it has and give new ones a free slot, pictures first. Voices take the last slots,
 * and the places of pictures only when no other is left; for a picture such a voice moves on or goes. What finds no slot
 * is not shown until another goes.
 */
export function assignSlots(before: Slots, wishes: readonly Wish[], pictureSlots: number): Slots {
  const wanted = new Set(wishes.map((wish) => wish.id));
  const slots = Array.from({ length: VOICE_SLOTS }, (_, at) => {
    const id = before[at] ?? null;
    return id !== null && wanted.has(id) ? id : null;
  });
  const pictures = new Set(wishes.filter((wish) => wish.picture).map((wish) => wish.id));
  const [first, then] = [wishes.filter((wish) => wish.picture), wishes.filter((wish) => !wish.picture)];
  for (const wish of [...first, ...then].filter((one) => !slots.includes(one.id))) {
    const forPictures = slots.slice(0, pictureSlots);
    const free = wish.picture ? forPictures.indexOf(null) : slots.lastIndexOf(null);
    const place = free < 0 && wish.picture ? forPictures.findLastIndex((id) => id !== null && !pictures.has(id)) : free;
    if (place >= 0) {
      slots[place] = wish.id;
    }
  }
  for (const wish of then.filter((one) => !slots.includes(one.id))) {
    const free = slots.lastIndexOf(null);
    if (free >= 0) {
      slots[free] = wish.id;
    }
  }
  return slots;
}

export function sameSlots(one: Slots, other: Slots): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
