/** One clock for all lanes of a session: every element plays the same moment, and none of them is the master alone. */

import { Store } from "../../live/store";

const DRIFT_S = 0.15;
const CHECK_MS = 250;
const FRAME_S = 1 / 30;
export const RATES = [1, 1.5, 2, 4] as const;

export interface ClockView {
  readonly playing: boolean;
  readonly position_ms: number;
  readonly rate: number;
  /** The browser waits for bytes. */
  readonly waiting: boolean;
}

/** Plays, pauses and seeks a set of media elements as one. */
export class LaneClock {
  readonly store = new Store<ClockView>({ playing: false, position_ms: 0, rate: 1, waiting: false });
  readonly duration_ms: number;
  readonly #elements = new Set<HTMLMediaElement>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(durationMs: number) {
    this.duration_ms = durationMs;
  }

  add(element: HTMLMediaElement): () => void {
    this.#elements.add(element);
    element.currentTime = this.store.view().position_ms / 1000;
    element.playbackRate = this.store.view().rate;
    return () => this.#elements.delete(element);
  }

  /** Run the clock while the page is open. */
  start(): () => void {
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    return () => {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.pause();
    };
  }

  toggle(): void {
    if (this.store.view().playing) this.pause();
    else void this.play();
  }

  async play(): Promise<void> {
    if (this.store.view().position_ms >= this.duration_ms - 50) this.seek(0);
    this.store.change({ playing: true });
    const started = await Promise.allSettled([...this.#elements].map((element) => element.play()));
    if (started.length > 0 && started.every((one) => one.status === "rejected")) this.pause();
  }

  pause(): void {
    this.store.change({ playing: false });
    for (const element of this.#elements) element.pause();
    this.#align(0.02);
  }

  seek(positionMs: number): void {
    const position = Math.min(Math.max(positionMs, 0), this.duration_ms);
    this.store.change({ position_ms: position });
    for (const element of this.#elements) element.currentTime = position / 1000;
  }

  step(frames: number): void {
    this.pause();
    this.seek(this.store.view().position_ms + frames * FRAME_S * 1000);
  }

  setRate(rate: number): void {
    this.store.change({ rate });
    for (const element of this.#elements) element.playbackRate = rate;
  }

  /** The first element leads: it is the main picture, whose jumps people see. */
  #lead(): HTMLMediaElement | undefined {
    return [...this.#elements][0];
  }

  #check(): void {
    const lead = this.#lead();
    if (lead === undefined || !this.store.view().playing) return;
    this.store.change({ position_ms: Math.round(lead.currentTime * 1000), waiting: lead.readyState < 3 });
    if (lead.ended) this.pause();
    else this.#align(DRIFT_S);
  }

  #align(slackS: number): void {
    const at = this.#lead()?.currentTime ?? 0;
    for (const element of this.#elements) {
      if (Math.abs(element.currentTime - at) > slackS) element.currentTime = at;
    }
  }
}

/** "01:02:03" from the start of the session. */
export function offsetWord(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Where a moment lies in a session, in ms from its start. */
export function offsetOf(at: string, startedAt: string): number {
  return new Date(at).getTime() - new Date(startedAt).getTime();
}
