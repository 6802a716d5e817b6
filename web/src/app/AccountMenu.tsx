import personIcon from "icon:account_circle";
import arrow from "icon:expand_more";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "../api/types";
import { toast } from "../ui/announce";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { useProblemWords } from "../ui/Problem";
import { signOutHere } from "./signOut";
import { officeWord } from "./words";

/** Who is signed in, their logins, and the way out. The popover closes on Escape, on a press outside and on leaving. */
export function AccountMenu({ me }: { me: Me }) {
  const [, navigate] = useLocation();
  const menu = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const say = useProblemWords();
  const id = useId();

  async function onSignOut() {
    try {
      await signOutHere();
    } catch (error) {
      toast(say(error instanceof Error ? error : new Error(String(error))));
      return;
    }
    client.clear();
    navigate("/sign-in");
  }

  return (
    <>
      <button type="button" className="account__button" popoverTarget={id}>
        <Icon outline={personIcon} />
        {me.name}
        <Icon outline={arrow} />
      </button>
      <div ref={menu} id={id} popover="auto" className="account__menu">
        <div className="account__who">
          {me.email}
          {me.office_role && <div>{officeWord(me.office_role)}</div>}
        </div>
        <Link to="/logins" onClick={() => menu.current?.hidePopover()}>
          <Trans>My account</Trans>
        </Link>
        <Button look="outline" small onClick={onSignOut}>
          <Trans>Sign out</Trans>
        </Button>
      </div>
    </>
  );
}
