import mic from "icon:mic";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { watchLevel } from "../../live/level";
import { Icon } from "../../ui/Icon";

const HEARD = 0.05;

/** Moves while the person speaks, and says in words once it has heard them. */
export function LevelMeter({ stream }: { stream: MediaStream }) {
  const { t } = useLingui();
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  useEffect(
    () =>
      watchLevel(stream, (now) => {
        setLevel(now);
        if (now > HEARD) setHeard(true);
      }),
    [stream],
  );
  return (
    <div className="level">
      <Icon outline={mic} />
      <meter aria-label={t`Loudness of your voice`} min={0} max={1} value={Math.min(1, level)} />
      <span role="status">{heard ? <Trans>We hear you.</Trans> : <Trans>Say something.</Trans>}</span>
    </div>
  );
}
