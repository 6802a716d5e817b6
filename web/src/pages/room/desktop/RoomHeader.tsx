import keyboard from "icon:keyboard";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { ChooseLanguage } from "../../../app/frame";
import { Button } from "../../../ui/Button";
import { Confirm } from "../../../ui/Confirm";
import { Icon } from "../../../ui/Icon";
import { clockIn, myZone, sameClock } from "../../../ui/time";
import { useNow } from "../../../ui/useNow";
import { LineBadge, RecordingBadge } from "../Badges";
import { useCase, useMay, useParts, useSeat, useSession } from "../context";

/** Where we are, what time it is there and here, what is kept, how the line is, and the way out. */
export function RoomHeader({ onKeys }: { onKeys: () => void }) {
  const { t } = useLingui();
  const session = useSession();
  const validation = useCase((state) => state.validation);
  return (
    <header className="room-head">
      <h1 className="room-head__title">
        <span>
          {validation?.number} · {validation?.member_name}
        </span>
        <span className="room-head__site">{session.site_name}</span>
      </h1>
      <Clocks zone={session.time_zone} />
      <RecordingBadge />
      <LineBadge />
      <div className="room-head__end on-dark">
        <ChooseLanguage />
        <button type="button" className="icon-button" aria-label={t`Keys`} title={t`Keys (?)`} onClick={onKeys}>
          <Icon outline={keyboard} />
        </button>
        <WayOut />
      </div>
    </header>
  );
}

function Clocks({ zone }: { zone: string }) {
  const now = useNow(1000);
  const [site, yours] = [clockIn(now, zone), clockIn(now, myZone())];
  return (
    <span className="room-head__clocks">
      <Trans>{site} at the site</Trans>
      {!sameClock(now, zone, myZone()) && (
        <span>
          <Trans>{yours} for you</Trans>
        </span>
      )}
    </span>
  );
}

function WayOut() {
  const { leave } = useParts();
  const { room, plan } = useSeat();
  const session = useSession();
  const mayEnd = useMay("run_session") && session.state === "live";
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="outline" small onClick={leave}>
        <Trans>Leave</Trans>
      </Button>
      {mayEnd && (
        <Button look="danger" small onClick={() => setAsking(true)}>
          <Trans>End session</Trans>
        </Button>
      )}
      {asking && (
        <Confirm
          heading={<Trans>End this session for everybody?</Trans>}
          verb={<Trans>End session</Trans>}
          onConfirm={() => room.send({ type: "session.end", validation_session_id: plan.validationSessionId })}
          onClose={() => setAsking(false)}
        >
          <p>
            <Trans>
              Pictures and voices stop and every recording is closed and filed. Answers, evidence and open requests
              stay; a further session can take them up.
            </Trans>
          </p>
        </Confirm>
      )}
    </>
  );
}
