import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { LineDoor } from "../../live/line";
import { Button } from "../../ui/Button";
import { copyText } from "../../ui/copyText";

/** One line a door: what a firewall's administrator needs and nothing else. */
export function doorsText(doors: readonly LineDoor[]): string {
  const lines = doors.map(({ protocol, host, port, of }) => {
    const [transport, purpose] = [protocol === "TLS" ? "TCP" : protocol, purposeOf(protocol, of)];
    return t`${transport} to ${host} port ${port} (${purpose})`;
  });
  const heading = t`Outgoing connections from the device to Sightline; answers come back the same way:`;
  const enough = lines.length > 1 ? ["", t`One of these is enough. The first gives the best picture.`] : [];
  return [heading, "", ...lines, ...enough].join("\n");
}

function purposeOf(protocol: LineDoor["protocol"], of: LineDoor["of"]): string {
  if (of === "media") return t`picture and sound, direct`;
  return protocol === "TLS" ? t`relay over TLS, not to be inspected` : t`relay`;
}

/** What an IT department must open, to hand on as it is. */
export function Doors({ doors }: { doors: readonly LineDoor[] }) {
  const text = doorsText(doors);
  return (
    <section className="card stack" aria-labelledby="doors">
      <h2 id="doors">
        <Trans>For the IT department</Trans>
      </h2>
      <p>
        <Trans>Send this text to whoever looks after the firewall at the site:</Trans>
      </p>
      <pre className="doors">{text}</pre>
      <div className="actions">
        <Button look="outline" onClick={() => void copyText(text)}>
          <Trans>Copy the text</Trans>
        </Button>
      </div>
    </section>
  );
}
