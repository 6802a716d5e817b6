import { Trans } from "@lingui/react/macro";
import type { Lane } from "../../api/review";
import { Alert } from "../../ui/Alert";
import { fileWord, laneWord } from "./playing";

/** Said in place of a black picture or a missing voice: what it is, and how to see it all the same. */
export function CannotPlay({ lane }: { lane: Lane }) {
  const what = laneWord(lane, [lane]);
  const file = fileWord(lane);
  return (
    <div className="player__cannot">
      <Alert kind="warning">
        <p>
          <Trans>
            This browser cannot play “{what}” ({file}). Open this page in another browser, or download the file and play
            it with another program.
          </Trans>{" "}
          <a href={`/api/recordings/${lane.id}/content?download=true`} download>
            <Trans>Download the file</Trans>
          </a>
        </p>
      </Alert>
    </div>
  );
}
