import { Trans } from "@lingui/react/macro";

export default function Room() {
  return (
    <h1>
      <Trans>Room</Trans>
    </h1>
  );
}
