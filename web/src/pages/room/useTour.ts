import { useLingui } from "@lingui/react/macro";
import { useCallback, useMemo } from "react";
import { newId } from "../../live/commands";
import { mainCamera, nextStop, openStopOf } from "../../live/reading";
import { toast } from "../../ui/announce";
import { useActive } from "./active";
import { useSeat } from "./context";
import { useAct } from "./useAct";

/** The acts of the walk, by button and by key alike. */
export function useTour() {
  const { t } = useLingui();
  const seat = useSeat();
  const act = useAct();
  const { id: criterionId } = useActive();
  const validation_session_id = seat.plan.validationSessionId;
  const state = useCallback(() => seat.room.store.view().state, [seat]);

  return useMemo(
    () => ({
      still: () => {
        if (mainCamera(state(), validation_session_id) === null) {
          toast(t`There is no camera to take a still from.`);
          return;
        }
        const stop_id = openStopOf(state(), validation_session_id)?.id ?? null;
        void act({
          type: "still.request",
          validation_session_id,
          still_id: newId(),
          criterion_id: criterionId,
          stop_id,
        });
      },
      mark: async () => {
        // A mark on its way counts, so that two in quick succession never bear the same number.
        const onTheWay = seat.room.store.view().pending.filter((one) => one.type === "tour.mark");
        const number = state().marks.length + onTheWay.length + 1;
        const where = openStopOf(state(), validation_session_id)?.name;
        const label = where === undefined ? t`Mark ${number}` : t`Mark ${number}, ${where}`;
        if (await act({ type: "tour.mark", validation_session_id, label, criterion_id: criterionId })) {
          toast(t`Marked: ${label}`);
        }
      },
      openStop: (stop_id: string) => act({ type: "tour.open_stop", validation_session_id, stop_id }),
      addStop: async (name: string) => {
        const stop_id = newId();
        const added = await act({ type: "tour.add_stop", validation_session_id, stop_id, name });
        // The route may be laid out before the walk; a stop is opened on the walk only.
        if (added && state().sessions[validation_session_id]?.state === "live") {
          await act({ type: "tour.open_stop", validation_session_id, stop_id });
        }
      },
      /** The stop that N would open; null at the end of the route. */
      next: () => nextStop(state(), validation_session_id),
      togglePrivacy: () => {
        const on = state().sessions[validation_session_id]?.privacy !== null;
        return act(
          on
            ? { type: "privacy.stop", validation_session_id }
            : { type: "privacy.start", validation_session_id, reason: t`Asked for in the room` },
        );
      },
      toggleMute: () => seat.sender?.setMuted(!seat.sender.store.view().muted),
    }),
    [t, act, state, seat, criterionId, validation_session_id],
  );
}
