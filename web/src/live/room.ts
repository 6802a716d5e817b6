/**
 * One validation session as this page knows it: the folded case, the state of the line, what is on its way out,
 * and what others have just changed. The server is the truth; nothing here is made up ahead of its entries.
 */

import { ProblemError } from "../api/client";
import { type AnswerCommand, type Command, type CommandBody, newId } from "./commands";
import type { Entry } from "./entries";
import { apply } from "./fold";
import { type CommandShelf, Outbox, type RefusedAnswer } from "./outbox";
import { ServerClock } from "./serverClock";
import { type Line, type LineState, Signal } from "./signal";
import type { CaseState } from "./state";
import { Store } from "./store";
import { type Fields, textAt, WireError } from "./wire";

/** Somebody else's last change of an answer, to be shown once. */
export interface Change {
  readonly by: string;
  readonly seq: number;
}

export interface RoomView {
  readonly state: CaseState;
  readonly line: LineState;
  readonly lineReason: string | null;
  /** Commands whose entry has not come back yet, oldest first. */
  readonly pending: readonly Command[];
  /** Refused answers by criterion: a draft beside what stands now. */
  readonly refused: Readonly<Record<string, RefusedAnswer>>;
  readonly changes: Readonly<Record<string, Change>>;
}

interface RoomPlan {
  readonly validationId: string;
  readonly validationSessionId: string;
  readonly participantId: string;
  readonly state: CaseState;
  /** Fetch the folded case anew, after an entry that this page could not read. */
  readonly reload: () => Promise<CaseState>;
  readonly shelf: CommandShelf;
  readonly line: Line;
  readonly onPaused: (message: Fields) => void;
  readonly onPhoto: (photo: Fields) => void;
}

export class Room {
  readonly store: Store<RoomView>;
  readonly clock = new ServerClock();
  readonly #plan: RoomPlan;
  readonly #outbox: Outbox;
  readonly #signal: Signal;
  /** Acknowledged commands whose entries are still on their way to this page. */
  #settling: { readonly command: Command; readonly seq: number }[] = [];

  constructor(plan: RoomPlan) {
    this.#plan = plan;
    this.store = new Store<RoomView>({
      state: plan.state,
      line: "connecting",
      lineReason: null,
      pending: [],
      refused: {},
      changes: {},
    });
    this.#outbox = new Outbox(plan.shelf, () => this.#showPending());
    this.#signal = new Signal(
      plan.validationId,
      {
        room: () => roomOf(this.#state, plan),
        after: () => this.#state.seq,
        onEntries: (entries) => this.#take(entries),
        onPaused: plan.onPaused,
        onTime: (sent, server, received) => this.clock.take(sent, server, received),
        onPhoto: plan.onPhoto,
        onState: (line, lineReason) => this.store.change({ line, lineReason }),
        onCarrier: (carrier) => (carrier === null ? this.#outbox.disconnect() : this.#outbox.connect(carrier)),
      },
      plan.line,
    );
  }

  /** Take up what an earlier page of the same person left. */
  async resume(): Promise<void> {
    for (const one of await this.#plan.shelf.listRefused()) {
      this.#keepRefused(one);
    }
    for (const { command, answered } of await this.#outbox.resume()) {
      // Nobody waits for these any more; a refused answer shows itself in the view.
      void this.#follow(command, answered).catch((error: unknown) => {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
      });
    }
  }

  /** Ask for something; resolves with the seq once it is done, rejects with ProblemError when refused. */
  send(body: CommandBody): Promise<number> {
    const command: Command = { ...body, command_id: newId() };
    return this.#follow(command, this.#outbox.send(command));
  }

  /** Show the room what this camera sees; resolves with whether it was passed on. */
  photo(sourceId: string, travelMs: number, data: ArrayBuffer): Promise<boolean> {
    return this.#signal.photo({ source_id: sourceId, travel_ms: travelMs, data });
  }

  /** Let go of a refused draft, taken over or not. */
  async dropRefused(criterionId: string): Promise<void> {
    const { [criterionId]: dropped, ...refused } = this.store.view().refused;
    this.store.change({ refused });
    if (dropped !== undefined) {
      await this.#plan.shelf.remove(dropped.command.command_id);
    }
  }

  close(): void {
    this.#signal.close();
  }

  get #state(): CaseState {
    return this.store.view().state;
  }

  async #follow(command: Command, answered: Promise<number>): Promise<number> {
    try {
      const seq = await answered;
      if (seq > this.#state.seq) {
        this.#settling = [...this.#settling, { command, seq }];
        this.#showPending();
      }
      return seq;
    } catch (error) {
      if (error instanceof ProblemError && command.type === "answer.record") {
        this.#keepRefused({ command, problem: error.problem });
      }
      throw error;
    }
  }

  #keepRefused(one: RefusedAnswer): void {
    const { refused } = this.store.view();
    this.store.change({ refused: { ...refused, [one.command.criterion_id]: one } });
  }

  #showPending(): void {
    this.store.change({ pending: [...this.#settling.map((one) => one.command), ...this.#outbox.pending] });
  }

  #take(entries: readonly Entry[]): void {
    const before = this.#state;
    let state = before;
    let changes = this.store.view().changes;
    let hole = false;
    for (const entry of entries) {
      if (entry.seq > state.seq + 1) {
        hole = true;
        break;
      }
      if (entry.seq === state.seq + 1) {
        const after = this.#applied(state, entry);
        if (after === null) {
          break;
        }
        state = after;
        changes = this.#noted(changes, entry);
      }
    }
    this.#settling = this.#settling.filter((one) => one.seq > state.seq);
    this.store.change({ state, changes });
    this.#showPending();
    // Being let in changes what is subscribed to: from then on this page is in the room.
    if (hole || roomOf(state, this.#plan) !== roomOf(before, this.#plan)) {
      void this.#signal.resubscribe();
    }
  }

  #applied(state: CaseState, entry: Entry): CaseState | null {
    try {
      return apply(state, entry);
    } catch (error) {
      if (!(error instanceof WireError)) {
        throw error;
      }
      void this.#reload();
      return null;
    }
  }

  async #reload(): Promise<void> {
    const state = await this.#plan.reload();
    if (state.seq > this.#state.seq) {
      this.store.change({ state });
    }
    await this.#signal.resubscribe();
  }

  #noted(changes: RoomView["changes"], entry: Entry): RoomView["changes"] {
    const mine = entry.actor === null || entry.actor.id === this.#plan.participantId;
    if (entry.tag !== "checklist.answer_recorded" || entry.data === null || entry.actor === null || mine) {
      return changes;
    }
    return { ...changes, [textAt(entry.data, "criterion_id")]: { by: entry.actor.name, seq: entry.seq } };
  }
}

function roomOf(state: CaseState, plan: Pick<RoomPlan, "participantId" | "validationSessionId">): string | null {
  const session = state.sessions[plan.validationSessionId];
  const mine = state.participants[plan.participantId];
  const ahead = session?.state === "planned" || session?.state === "live";
  const admitted = mine?.standing === "admitted" && mine.validation_session_id === plan.validationSessionId;
  return ahead && admitted ? plan.validationSessionId : null;
}

/** The answer to a criterion that is on its way out; null when none is. */
export function pendingAnswer(pending: readonly Command[], criterionId: string): AnswerCommand | null {
  const answers = pending.filter((one): one is AnswerCommand => one.type === "answer.record");
  return answers.findLast((one) => one.criterion_id === criterionId) ?? null;
}
