import { useMemo } from "react";
import { stopsOf } from "../../../live/reading";
import { useCase, useSeat, useSession } from "../context";

/** The stops in order; `at` is the number of the open one, 0 before the first. */
export function useRoute() {
  const { plan } = useSeat();
  const openId = useSession().open_stop_id;
  const all = useCase((state) => state.stops);
  return useMemo(() => {
    const stops = stopsOf({ stops: all }, plan.validationSessionId);
    const index = stops.findIndex((stop) => stop.id === openId);
    return { stops, at: index + 1, name: stops[index]?.name ?? "" };
  }, [all, openId, plan]);
}
