import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { LiveRegion } from "../ui/LiveRegion";
import { myZone } from "../ui/time";
import { chooseLanguage } from "./language";

const NAMES = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
] as const;

export function SkipLink() {
  return (
    <a className="usa-skipnav" href="#main">
      <Trans>Skip to the content</Trans>
    </a>
  );
}

export function Brand({ to }: { to?: string }) {
  const face = (
    <>
      <img src="/icon.svg" alt="" width="28" height="28" />
      <span>Sightline</span>
    </>
  );
  return to ? (
    <Link className="brand" to={to}>
      {face}
    </Link>
  ) : (
    <span className="brand">{face}</span>
  );
}

export function ChooseLanguage() {
  const { i18n } = useLingui();
  return <LanguageSwitch languages={NAMES} current={i18n.locale} onChoose={chooseLanguage} />;
}

export function Footer() {
  const zone = myZone();
  return (
    <footer className="footer">
      <div className="footer__row">
        <span>
          <Trans>Your time zone: {zone}</Trans>
        </span>
        <span>
          <Trans>Sightline supports validations. Decisions on a status are made by the program office alone.</Trans>
        </span>
      </div>
    </footer>
  );
}

/** The frame of pages before or without an account: signing in and joining. */
export function DoorFrame({ children }: { children: ReactNode }) {
  return (
    <div className="frame">
      <SkipLink />
      <header className="masthead">
        <div className="masthead__row masthead__row--door">
          <Brand />
          <div className="door__end">
            <ChooseLanguage />
          </div>
        </div>
      </header>
      <main id="main" className="content content--narrow" tabIndex={-1}>
        {children}
      </main>
      <LiveRegion />
    </div>
  );
}
