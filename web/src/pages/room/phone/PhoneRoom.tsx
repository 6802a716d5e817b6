import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { keepAwake } from "../../../capture/wake";
import { useSeat, useSender } from "../context";
import { useOwnPause, useSaidPause } from "../Paused";
import { Picture } from "../Picture";
import { Voices } from "../Voices";
import { PhoneBar } from "./PhoneBar";
import { PhoneNotes } from "./PhoneNotes";
import { PhoneSheet } from "./PhoneSheet";
import { PhoneTop } from "./PhoneTop";
import "./phone.css";

/** The room in one hand: the picture that is sent, what is asked for, and one row for the thumb. */
export function PhoneRoom() {
  const { t } = useLingui();
  const seat = useSeat();
  const sender = useSender();
  const [sheet, setSheet] = useState(false);
  const pause = useOwnPause();
  useSaidPause(pause);
  useEffect(() => keepAwake(), []);
  useEffect(() => {
    const back = () => {
      if (document.visibilityState === "visible") {
        void seat.sender?.recover();
      }
    };
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, [seat]);
  return (
    <div className="phone">
      <main id="main" className="phone__stage">
        <Picture
          stream={sender?.stream ?? null}
          label={t`What your camera sends`}
          className="phone__video"
          pause={pause}
          own
        />
        <PhoneTop onMore={() => setSheet(true)} />
        <PhoneNotes />
        <PhoneBar onMore={() => setSheet(true)} />
      </main>
      {sheet && <PhoneSheet onClose={() => setSheet(false)} />}
      <Voices />
    </div>
  );
}
