import menuIcon from "icon:menu";
import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "../api/types";
import { Icon } from "../ui/Icon";
import { LiveRegion } from "../ui/LiveRegion";
import { AccountMenu } from "./AccountMenu";
import { Brand, ChooseLanguage, Footer, SkipLink } from "./frame";
import { placesOf } from "./places";

/** The frame of every page of a signed-in person: masthead with places, language and account; main; footer. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const [location] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the menu.
  useEffect(() => setOpen(false), [location]);
  return (
    <div className="frame">
      <SkipLink />
      <header className="masthead" data-open={open || undefined}>
        <div className="masthead__row">
          <Brand to="/" />
          <button type="button" className="masthead__menu" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon outline={menuIcon} />
            <Trans>Menu</Trans>
          </button>
          <nav className="nav" aria-label={t`Main`}>
            <ul>
              {placesOf(me).map(({ path, word }) => (
                <li key={path}>
                  <Link to={path} aria-current={isCurrent(location, path) ? "page" : undefined}>
                    {word()}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="masthead__end">
            <ChooseLanguage />
            <AccountMenu me={me} />
          </div>
        </div>
      </header>
      <main id="main" className="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
      <LiveRegion />
    </div>
  );
}

function isCurrent(location: string, path: string): boolean {
  return path === "/" ? location === "/" : location === path || location.startsWith(`${path}/`);
}
