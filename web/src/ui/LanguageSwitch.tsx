import { useLingui } from "@lingui/react/macro";

interface LanguageSwitchProps<Language extends string> {
  languages: readonly { code: Language; name: string }[];
  current: string;
  onChoose: (language: Language) => void;
}

/** Every language by its own name, the current one pressed. */
export function LanguageSwitch<Language extends string>({
  languages,
  current,
  onChoose,
}: LanguageSwitchProps<Language>) {
  const { t } = useLingui();
  return (
    <fieldset className="language-switch">
      <legend className="sr-only">{t`Language`}</legend>
      {languages.map(({ code, name }) => (
        <button key={code} type="button" lang={code} aria-pressed={code === current} onClick={() => onChoose(code)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
