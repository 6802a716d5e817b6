/**
 * Commands on their way: sent in order, kept until the server has answered, sent again after a cut or a reload.
 * The `command_id` stays the same, so the server does a repeated one once.
 */

import { type Problem, ProblemError } from "../api/client";
import type { Command } from "./commands";

/** Where unanswered commands outlive the page. */
export interface CommandShelf {
  put(command: Command): Promise<void>;
  remove(commandId: string): Promise<void>;
  list(): Promise<readonly Command[]>;
}

export type Acknowledgement = { readonly seq: number } | { readonly problem: Problem };

/** Sends one command; `null` when no answer came in time. */
export type Carrier = (command: Command) => Promise<Acknowledgement | null>;

interface Waiting {
  readonly command: Command;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: ProblemError) => void;
  underway: boolean;
}

export class Outbox {
  readonly #shelf: CommandShelf;
  readonly #onChange: () => void;
  readonly #waiting = new Map<string, Waiting>();
  #carrier: Carrier | null = null;

  constructor(shelf: CommandShelf, onChange: () => void) {
    this.#shelf = shelf;
    this.#onChange = onChange;
  }

  /** Commands without an answer yet, oldest first. */
  get pending(): readonly Command[] {
    return [...this.#waiting.values()].map((one) => one.command);
  }

  /** Resolve with the seq of the entry; reject with ProblemError. Across a cut it simply takes longer. */
  async send(command: Command): Promise<number> {
    const answered = this.#enqueue(command);
    await this.#shelf.put(command);
    this.#flush();
    return answered;
  }

  /** Take up what an earlier page left unanswered; `onRefused` hears of those the server will not have. */
  async resume(onRefused: (command: Command, problem: Problem) => void): Promise<void> {
    for (const command of await this.#shelf.list()) {
      if (!this.#waiting.has(command.command_id)) {
        this.#enqueue(command).catch((error: unknown) => {
          if (!(error instanceof ProblemError)) {
            throw error;
          }
          onRefused(command, error.problem);
        });
      }
    }
    this.#flush();
  }

  /** The line is up: everything unanswered goes out again, in order. */
  connect(carrier: Carrier): void {
    this.#carrier = carrier;
    for (const one of this.#waiting.values()) {
      one.underway = false;
    }
    this.#flush();
  }

  disconnect(): void {
    this.#carrier = null;
  }

  #enqueue(command: Command): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(command.command_id, { command, resolve, reject, underway: false });
      this.#onChange();
    });
  }

  #flush(): void {
    const carrier = this.#carrier;
    if (carrier === null) {
      return;
    }
    for (const one of this.#waiting.values()) {
      if (!one.underway) {
        one.underway = true;
        void this.#carry(one, carrier);
      }
    }
  }

  async #carry(one: Waiting, carrier: Carrier): Promise<void> {
    const answer = await carrier(one.command);
    if (answer === null) {
      one.underway = false;
      // No answer in time on a line that still counts as up: ask again; a dead line is replaced by connect().
      if (this.#carrier === carrier) {
        this.#flush();
      }
      return;
    }
    if (!this.#waiting.delete(one.command.command_id)) {
      return;
    }
    await this.#shelf.remove(one.command.command_id);
    if ("seq" in answer) {
      one.resolve(answer.seq);
    } else {
      one.reject(new ProblemError(answer.problem));
    }
    this.#onChange();
  }
}
