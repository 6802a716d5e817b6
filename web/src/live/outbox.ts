/**
 * Commands on their way: sent in order, kept until the server has answered, sent again after a cut or a reload.
 * The `command_id` stays the same, so the server does a repeated one once.
 */

import { type Problem, ProblemError } from "../api/client";
import { type AnswerCommand, type Command, isLasting } from "./commands";

export interface RefusedAnswer {
  readonly command: AnswerCommand;
  readonly problem: Problem;
}

/** Where unanswered commands and refused answers outlive the page. */
export interface CommandShelf {
  put(command: Command): Promise<void>;
  /** Keep an answer that the server would not have, until the person has looked at it. */
  refuse(refused: RefusedAnswer): Promise<void>;
  remove(commandId: string): Promise<void>;
  list(): Promise<readonly Command[]>;
  listRefused(): Promise<readonly RefusedAnswer[]>;
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
    if (isLasting(command)) {
      await this.#shelf.put(command);
    }
    this.#flush();
    return answered;
  }

  /** Take up what an earlier page left unanswered; returns those commands with the promises of their answers. */
  async resume(): Promise<readonly { command: Command; answered: Promise<number> }[]> {
    const kept = await this.#shelf.list();
    const fresh = kept.filter((command) => !this.#waiting.has(command.command_id));
    const resumed = fresh.map((command) => ({ command, answered: this.#enqueue(command) }));
    this.#flush();
    return resumed;
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
    await this.#settle(one.command, answer);
    if ("seq" in answer) {
      one.resolve(answer.seq);
    } else {
      one.reject(new ProblemError(answer.problem));
    }
    this.#onChange();
  }

  async #settle(command: Command, answer: Acknowledgement): Promise<void> {
    if ("problem" in answer && command.type === "answer.record") {
      await this.#shelf.refuse({ command, problem: answer.problem });
    } else {
      await this.#shelf.remove(command.command_id);
    }
  }
}
