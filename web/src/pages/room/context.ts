import { createContext, useContext, useSyncExternalStore } from "react";
import type { CriterionView } from "../../api/criteria";
import { may, type Permission } from "../../live/permissions";
import type { PhotoSenderView } from "../../live/photoSender";
import type { RoomView } from "../../live/room";
import type { Seat } from "../../live/seat";
import type { SenderView } from "../../live/sender";
import type { CaseState, ParticipantState, SessionState } from "../../live/state";
import { Store } from "../../live/store";

/** What every part of the room may look at. */
export interface RoomParts {
  readonly seat: Seat;
  readonly criteria: readonly CriterionView[];
  readonly leave: () => void;
}

export const RoomContext = createContext<RoomParts | null>(null);

export function useParts(): RoomParts {
  const parts = useContext(RoomContext);
  if (parts === null) {
    throw new Error("used outside of the room");
  }
  return parts;
}

export function useSeat(): Seat {
  return useParts().seat;
}

/** Watch one part of a store; `select` must return what it already holds, not something made anew. */
export function useStore<View, Part>(store: Store<View>, select: (view: View) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.view()));
}

export function useRoom<Part>(select: (view: RoomView) => Part): Part {
  return useStore(useSeat().room.store, select);
}

export function useCase<Part>(select: (state: CaseState) => Part): Part {
  return useRoom((view) => select(view.state));
}

const NO_SENDER = new Store<SenderView | null>(null);

export function useSender(): SenderView | null {
  const { sender } = useSeat();
  const mine = useSyncExternalStore(
    sender === null ? NO_SENDER.subscribe : sender.store.subscribe,
    sender === null ? NO_SENDER.view : sender.store.view,
  );
  return mine;
}

const NO_PHOTOS = new Store<PhotoSenderView>({ on: false, lastAt: null });

/** What this one's own camera sends in place of video on a thin line; null while it sends video. */
export function usePhotoMode(): PhotoSenderView | null {
  const view = useStore(useSeat().photoSender?.store ?? NO_PHOTOS, (one) => one);
  return view.on ? view : null;
}

export function useReceived() {
  return useStore(useSeat().receivers.store, (view) => view.received);
}

export function useUploads() {
  const { uploads } = useSeat();
  return useSyncExternalStore(uploads.subscribe, uploads.view);
}

/** The session of this room; it exists, because the room does not open without it. */
export function useSession(): SessionState {
  const { plan } = useSeat();
  const session = useCase((state) => state.sessions[plan.validationSessionId]);
  if (session === undefined) {
    throw new Error("the session of this room is not in the case");
  }
  return session;
}

export function useParticipants(): Readonly<Record<string, ParticipantState>> {
  return useCase((state) => state.participants);
}

export function useMay(permission: Permission): boolean {
  return may(useSeat().plan.role, permission);
}
