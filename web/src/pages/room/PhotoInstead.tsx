import { Trans, useLingui } from "@lingui/react/macro";
import type { SourceState } from "../../live/state";
import { useNow } from "../../ui/useNow";
import { useParticipants, useSeat, useStore } from "./context";

const SECOND_MS = 1000;

/** In place of a picture that does not move: the newest photo of the same camera. Nothing while there is video. */
export function PhotoInstead({ source, className }: { source: SourceState; className: string }) {
  const { t } = useLingui();
  const photo = useStore(useSeat().photos.store, (view) => view.bySource[source.id]);
  const name = useParticipants()[source.participant_id]?.name ?? "";
  if (!source.photo_mode || photo === undefined) {
    return null;
  }
  return <img className={className} src={photo.url} alt={t`What the camera of ${name} showed last`} />;
}

/** Why there is no video, and how old the photo is that is shown instead. */
export function PhotoWords({ source }: { source: SourceState }) {
  const takenAt = useStore(useSeat().photos.store, (view) => view.bySource[source.id]?.takenAt ?? null);
  return (
    <span className="photo-words">
      <Trans>Photo and voice: slow line</Trans> · <PhotoAge takenAt={takenAt} />
    </span>
  );
}

/** How old a photo is, in whole seconds; seen and not read out again and again. */
export function PhotoAge({ takenAt }: { takenAt: number | null }) {
  return (
    <span aria-live="off" className="photo-age">
      <Age takenAt={takenAt} />
    </span>
  );
}

function Age({ takenAt }: { takenAt: number | null }) {
  const now = useNow(SECOND_MS);
  if (takenAt === null) {
    return <Trans>the first photo is on its way</Trans>;
  }
  const seconds = Math.max(0, Math.round((now.getTime() - takenAt) / SECOND_MS));
  return <Trans>photo {seconds} s old</Trans>;
}
