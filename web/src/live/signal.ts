/**
 * The socket of one validation: subscribe after the last known seq, hand over entries in order, carry commands and hints.
 * It reconnects by itself and starts again from where the reader is.
 */

import { io, type Socket } from "socket.io-client";
import type { Command } from "./commands";
import { type Entry, readEntries } from "./entries";
import type { Acknowledgement, Carrier } from "./outbox";
import { readProblem } from "./problem";
import { type Fields, isFields, numberAt, textAt } from "./wire";

const ANSWER_WITHIN_MS = 8000;
const PHOTO_WITHIN_MS = 15_000;

const NOT_IN_THE_ROOM = new Set(["not_admitted", "wrong_phase", "consent_missing", "participant_removed"]);

export type LineState = "connecting" | "live" | "reconnecting" | "refused" | "revoked";

/** The part of a socket this file needs; a test drives it without a network. */
export interface Line {
  on(event: string, listener: (...args: unknown[]) => void): void;
  /** Resolve with the acknowledgement, or null when none came within `timeoutMs`. */
  ask(event: string, body: object, timeoutMs: number): Promise<unknown>;
  tell(event: string, body: object): void;
  close(): void;
}

export interface SignalListener {
  /** The session whose room this person is in; null before admission and after the end. */
  readonly room: () => string | null;
  /** Last seq the reader holds; entries after it are wanted. */
  readonly after: () => number;
  readonly onEntries: (entries: readonly Entry[]) => void;
  readonly onHint: (hint: Fields) => void;
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
    // Volatile: a hint that cannot go now is worth nothing later.
    tell: (event, body) => {
      socket.volatile.emit(event, body);
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
  #closed = false;
  #up = false;
  #attempt = 0;

  constructor(validationId: string, listener: SignalListener, line: Line) {
    this.#validationId = validationId;
    this.#listener = listener;
    this.#line = line;
    line.on("connect", () => {
      this.#up = true;
      void this.#subscribe();
    });
    line.on("disconnect", () => this.#lost());
    line.on("connect_error", () => this.#lost());
    line.on("entries", (message) => this.#receive(message));
    line.on("hint", (message) => {
      if (isFields(message) && message.validation_id === validationId) {
        listener.onHint(message);
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

  hint(kind: string, fields: Fields): void {
    this.#line.tell("hint", { ...fields, kind, validation_id: this.#validationId });
  }

  /** Send a photo; resolves with whether it was passed on. One that has not arrived in time is given up. */
  async photo(fields: object): Promise<boolean> {
    const message = { ...fields, validation_id: this.#validationId };
    const answer = this.#up ? await this.#line.ask("photo", message, PHOTO_WITHIN_MS) : null;
    return isFields(answer) && typeof answer.viewers === "number";
  }

  close(): void {
    this.#closed = true;
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
