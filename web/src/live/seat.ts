/** One person's place in one validation session, with everything that keeps it in step: socket, pictures, voice, uploads. */

import { ProblemError } from "../api/client";
import { captureShelf, commandShelf, openKept } from "../offline/database";
import { UploadQueue } from "../offline/queue";
import { tusSender } from "../offline/upload";
import type { InterruptionWatch } from "./interruptionWatch";
import { Pauses } from "./pauses";
import { may } from "./permissions";
import { PhotoSender } from "./photoSender";
import { Photos } from "./photos";
import { Receivers } from "./receivers";
import { watchOver } from "./reporting";
import { Room } from "./room";
import { Sender, type SendKind } from "./sender";
import { openLine } from "./signal";
import type { CaseState, Role, Side } from "./state";
import { Stills } from "./stills";
import { Usage } from "./usage";

export interface SeatPlan {
  readonly validationId: string;
  readonly validationSessionId: string;
  readonly participantId: string;
  readonly role: Role;
  readonly side: Side;
  readonly state: CaseState;
  readonly reload: () => Promise<CaseState>;
  /** A phone in the hand of the member: it sends its camera and hears the others. */
  readonly handheld: boolean;
}

export class Seat {
  readonly plan: SeatPlan;
  readonly room: Room;
  readonly receivers: Receivers;
  /** Null for those who only watch. */
  readonly sender: Sender | null;
  readonly uploads: UploadQueue;
  readonly stills: Stills;
  readonly pauses: Pauses;
  readonly usage = new Usage();
  /** What interrupts this person's own source; null for those who only watch. */
  readonly watch: InterruptionWatch | null;
  /** What the cameras of others show on lines that carry no video. */
  readonly photos: Photos;
  /** The same for this one's own camera; null for those who only watch. */
  readonly photoSender: PhotoSender | null;
  readonly #unsubscribe: () => void;
  readonly #onHide = () => this.close();
  #opening = false;
  #closed = false;

  private constructor(plan: SeatPlan, room: Room, uploads: UploadQueue, heard: { pauses: Pauses; photos: Photos }) {
    this.plan = plan;
    this.room = room;
    this.uploads = uploads;
    this.pauses = heard.pauses;
    this.photos = heard.photos;
    const { participantId, validationSessionId } = plan;
    const wanted = { participantId, validationSessionId, voicesOnly: sendKind(plan) === "camera" };
    this.receivers = new Receivers(wanted, (connection, bytes) => this.usage.add(connection, bytes));
    this.sender = may(plan.role, "speak") ? new Sender(sendKind(plan), validationSessionId) : null;
    this.photoSender = this.sender === null ? null : photoSenderOf(this.sender, room);
    this.stills = new Stills({
      ...plan,
      track: () => this.sender?.videoTrack ?? null,
      queued: () => uploads.view().items.map((item) => item.capture.facts.still_id),
      keep: (file, facts) => uploads.add(file, facts),
      hidden: () => room.store.view().state.sessions[plan.validationSessionId]?.privacy != null,
      decline: (still_id, reason) => room.send({ type: "still.decline", still_id, reason }),
    });
    this.#unsubscribe = room.store.subscribe(() => this.#keepInStep());
    // A page that goes away says so, or the others would look at its last picture until the line times out.
    addEventListener("pagehide", this.#onHide);
    this.watch = this.sender === null ? null : watchOver(this.sender, room, this.usage);
  }

  static async open(plan: SeatPlan): Promise<Seat> {
    const database = await openKept();
    const owner = `${plan.validationId} ${plan.participantId}`;
    const uploads = new UploadQueue(captureShelf(database), tusSender("/api/uploads"), owner);
    const pauses = new Pauses();
    const photos = new Photos();
    const room = new Room({
      ...plan,
      shelf: commandShelf(database, owner),
      line: openLine(),
      onPaused: (message) => pauses.take(message),
      onPhoto: (photo) => photos.take(photo),
    });
    const seat = new Seat(plan, room, uploads, { pauses, photos });
    await Promise.all([room.resume(), uploads.open()]);
    seat.#keepInStep();
    return seat;
  }

  /** Admitted to a session that is live: only then media flows. */
  get isInside(): boolean {
    const { state } = this.room.store.view();
    const mine = state.participants[this.plan.participantId];
    const session = state.sessions[this.plan.validationSessionId];
    return (
      session?.state === "live" &&
      mine?.standing === "admitted" &&
      mine.validation_session_id === this.plan.validationSessionId
    );
  }

  /** Ask for the camera or microphone again, after the person has changed something about it. */
  async retryDevices(): Promise<void> {
    await this.sender?.open();
    this.#keepInStep();
  }

  close(): void {
    this.#closed = true;
    removeEventListener("pagehide", this.#onHide);
    this.watch?.close();
    this.#unsubscribe();
    this.photoSender?.close();
    this.photos.keepOnly(new Set());
    this.sender?.close();
    this.receivers.close();
    this.room.close();
    this.uploads.close();
  }

  #keepInStep(): void {
    if (this.#closed) {
      return;
    }
    const { state } = this.room.store.view();
    const open = Object.values(state.sources).filter((source) => source.open && this.isInside);
    this.photos.keepOnly(new Set(open.map((source) => source.id)));
    if (this.isInside) {
      this.receivers.reconcile(state);
      this.sender?.renewIfClosed(state);
      void this.#send();
      this.stills.consider(state);
    } else {
      this.receivers.leave();
      this.sender?.stop(true);
    }
  }

  async #send(): Promise<void> {
    const { sender } = this;
    if (sender === null || this.#opening) {
      return;
    }
    if (sender.store.view().stream === null && sender.store.view().trouble === null) {
      this.#opening = true;
      await sender.open();
      this.#opening = false;
    }
    if (this.isInside && !this.#closed) {
      sender.publish();
    }
  }
}

function photoSenderOf(sender: Sender, room: Room): PhotoSender {
  return new PhotoSender({
    connection: () => sender.connection,
    sourceId: () => sender.sourceId,
    track: () => sender.videoTrack,
    state: (source_id, on) => {
      const type = on ? "photo_mode.start" : "photo_mode.stop";
      // Refused only for a source that is closed by now, and the mode ended with it.
      void room.send({ type, source_id }).catch((error: unknown) => {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
      });
    },
    send: (sourceId, travelMs, data) => room.photo(sourceId, travelMs, data),
  });
}

function sendKind(plan: SeatPlan): SendKind {
  return plan.handheld && plan.side === "member" && may(plan.role, "publish_camera") ? "camera" : "microphone";
}
