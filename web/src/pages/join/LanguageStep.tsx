import check from "icon:check";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import { chooseLanguage, type Language } from "../../app/language";
import { roleWord } from "../../app/words";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { TimeInZones } from "../../ui/TimeInZones";
import type { StepProps } from "./JoinSteps";
import { StepFrame } from "./StepFrame";

const CHOICES: readonly { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
];

export function LanguageStep({ state, session, participant, onDone }: StepProps & { onDone: () => void }) {
  const { t, i18n } = useLingui();
  const { name } = participant;
  return (
    <StepFrame
      step={1}
      title={t`Welcome, ${name}`}
      foot={
        <Button onClick={onDone}>
          <Trans>Continue</Trans>
        </Button>
      }
    >
      <dl className="card facts">
        <div>
          <dt>
            <Trans>Validation</Trans>
          </dt>
          <dd>
            {state.validation?.number} · {state.validation?.member_name}
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Site</Trans>
          </dt>
          <dd>{session.site_name}</dd>
        </div>
        <div>
          <dt>
            <Trans>Time</Trans>
          </dt>
          <dd>
            <TimeInZones at={session.starts_at} zone={session.time_zone} />
          </dd>
        </div>
        <div>
          <dt>
            <Trans>You take part as</Trans>
          </dt>
          <dd>{roleWord(participant.role)}</dd>
        </div>
      </dl>
      <fieldset className="usa-fieldset big-choices">
        <legend className="usa-legend">
          <Trans>In which language?</Trans>
        </legend>
        {CHOICES.map(({ code, name: word }) => (
          <button
            key={code}
            type="button"
            lang={code}
            className="big-choice"
            aria-pressed={i18n.locale === code}
            onClick={() => chooseLanguage(code)}
          >
            {word}
            {i18n.locale === code && <Icon outline={check} />}
          </button>
        ))}
      </fieldset>
      <p>
        <Trans>The day is still to come?</Trans>{" "}
        <Link to="/connection">
          <Trans>Test the connection</Trans>
        </Link>
      </p>
    </StepFrame>
  );
}
