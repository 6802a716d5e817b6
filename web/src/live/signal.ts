/**
 * The socket of one validation: subscribe after the last known seq, hand over entries in order, carry commands.
 * It reconnects by itself and starts again from where the reader is.
 */

import { io, type Socket } from "socket.io-client";
import type { Command } from "./commands";
import { type Entry, readEntries } from "./entries";
import type { Acknowledgement, Carrier } from "./outbox";
import { readProblem } from "./problem";
import { type Fields, isFields, numberAt, textAt } from "./wire";

const ANSWER_WITHIN_MS = 8000;
const ASK_TIME_MS = 60_000;
const PHOTO_WITHIN_MS = 15_000;

const NOT_IN_THE_ROOM = new Set(["not_admitted", "wrong_phase", "consent_missing", "participant_removed"]);

export type LineState = "connecting" | "live" | "reconnecting" | "refused" | "revoked";

/** The part of a socket this file needs; a test drives it without a network. */
export interface Line {
  on(event: string, listener: (...args: unknown[]) => void): void;
  /** Resolve with the acknowledgement, or null when none came within `timeoutMs`. */
  ask(event: string, body: object, timeoutMs: number): Promise<unknown>;
  close(): void;
}

export interface SignalListener {
  /** The session whose room this person is in; null before admission and after the end. */
  readonly room: () => string | null;
  /** Last seq the reader holds; entries after it are wanted. */
  readonly after: () => number;
  readonly onEntries: (entries: readonly Entry[]) => void;
  /** All that is interrupted now in the room. */
  readonly onPaused: (message: Fields) => void;
  /** The server's time, in answer to a question: when it was asked and answered by this device's clock. */
  readonly onTime: (sentMs: number, serverMs: number, receivedMs: number) => void;
  readonly onPhoto: (photo: Fields) => void;
  readonly onState: (state: LineState, reason: string | null) => void;
  readonly onCarrier: (carrier: Carrier | null) => void;
}

export function openLine(): Line {
  const socket: Socket = io({
    path: "/socket.io",
    transports: ["websocket"],
    reconnectionDelay: 250,
    reconnectionDelayMax: 3000,
    randomizationFactor: 0.4,
  });
  return {
    on: (event, listener) => {
      socket.on(event, listener);
    },
    ask: async (event, body, timeoutMs) => {
      try {
        return await socket.timeout(timeoutMs).emitWithAck(event, body);
      } catch {
        // The only rejection of emitWithAck is its time-out.
        return null;
      }
    },
    close: () => {
      socket.close();
    },
  };
}

function readAnswer(value: unknown): Acknowledgement | null {
  if (!isFields(value)) {
    return null;
  }
  const problem = readProblem(value.problem);
  return problem === null ? { seq: numberAt(value, "seq") } : { problem };
}

export class Signal {
  readonly #validationId: string;
  readonly #line: Line;
  readonly #listener: SignalListener;
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;
  #up = false;
  #attempt = 0;

  constructor(validationId: string, listener: SignalListener, line: Line) {
    this.#validationId = validationId;
    this.#listener = listener;
    this.#line = line;
    line.on("connect", () => {
      this.#up = true;
      void this.#askTime();
      void this.#subscribe();
    });
    this.#timer = setInterval(() => void this.#askTime(), ASK_TIME_MS);
    line.on("disconnect", () => this.#lost());
    line.on("connect_error", () => this.#lost());
    line.on("entries", (message) => this.#receive(message));
    line.on("paused", (message) => {
      if (isFields(message) && message.validation_id === validationId) {
        listener.onPaused(message);
      }
    });
    line.on("photo", (message) => {
      if (isFields(message) && message.validation_id === validationId) {
        listener.onPhoto(message);
      }
    });
    line.on("revoked", (message) => this.#revoked(message));
  }

  /** Ask for the entries after `after()` again: a hole was seen. */
  async resubscribe(): Promise<void> {
    await this.#subscribe();
  }

  /** Ask for the server's time; an answer that does not come is nothing. */
  async #askTime(): Promise<void> {
    if (!this.#up) {
      return;
    }
    const sentMs = Date.now();
    const answer = await this.#line.ask("clock", {}, ANSWER_WITHIN_MS);
    if (isFields(answer)) {
      this.#listener.onTime(sentMs, Date.parse(textAt(answer, "at")), Date.now());
    }
  }

  /** Send a photo; resolves with whether it was passed on. One that has not arrived in time is given up. */
  async photo(fields: object): Promise<boolean> {
    const message = { ...fields, validation_id: this.#validationId };
    const answer = this.#up ? await this.#line.ask("photo", message, PHOTO_WITHIN_MS) : null;
    return isFields(answer) && typeof answer.viewers === "number";
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#line.close();
  }

  async #subscribe(room: string | null = this.#listener.room()): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const body = {
      validation_id: this.#validationId,
      validation_session_id: room,
      after: this.#listener.after(),
    };
    const answer = readAnswer(await this.#line.ask("subscribe", body, ANSWER_WITHIN_MS));
    if (this.#closed || !this.#up || attempt !== this.#attempt) {
      return;
    }
    if (answer === null) {
      void this.#subscribe();
    } else if ("problem" in answer && room !== null && NOT_IN_THE_ROOM.has(answer.problem.code)) {
      // What this page knew was old: it is not in the room any more. The entries will tell it so.
      void this.#subscribe(null);
    } else if ("problem" in answer) {
      this.#listener.onState("refused", answer.problem.code);
    } else {
      this.#listener.onState("live", null);
      this.#listener.onCarrier((command) => this.#carry(command));
    }
  }

  async #carry(command: Command): Promise<Acknowledgement | null> {
    const body = { validation_id: this.#validationId, command };
    return readAnswer(await this.#line.ask("command", body, ANSWER_WITHIN_MS));
  }

  #receive(message: unknown): void {
    if (isFields(message) && textAt(message, "validation_id") === this.#validationId) {
      this.#listener.onEntries(readEntries(message.entries));
    }
  }

  #lost(): void {
    this.#up = false;
    if (!this.#closed) {
      this.#listener.onCarrier(null);
      this.#listener.onState("reconnecting", null);
    }
  }

  #revoked(message: unknown): void {
    if (isFields(message) && message.validation_id !== null && message.validation_id !== this.#validationId) {
      return;
    }
    this.#listener.onCarrier(null);
    this.#listener.onState("revoked", isFields(message) ? textAt(message, "reason") : null);
    this.close();
  }
}
