import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";
import { Icon } from "./Icon";

export type ButtonLook = "primary" | "outline" | "quiet" | "danger";

const LOOK: Record<ButtonLook, string> = {
  primary: "usa-button",
  outline: "usa-button usa-button--outline",
  quiet: "usa-button button--quiet",
  danger: "usa-button usa-button--secondary",
};

interface Face {
  look?: ButtonLook;
  small?: boolean;
  icon?: string;
  children: ReactNode;
}

function faceClass({ look = "primary", small = false }: Pick<Face, "look" | "small">): string {
  return small ? `${LOOK[look]} button--small` : LOOK[look];
}

export interface ButtonProps extends Face, Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "className"> {
  /** The act is under way: the button keeps its place and focus, and refuses a second press. */
  busy?: boolean;
}

/** A button; `type` is "button" unless said otherwise. One primary button a page. */
export function Button({ look, small, icon, busy = false, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={faceClass({ ...(look && { look }), ...(small && { small }) })}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon outline={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A link to a page of this app that looks like a button. */
export function LinkButton({ to, look, small, icon, children }: Face & { to: string }) {
  return (
    <Link to={to} className={faceClass({ ...(look && { look }), ...(small && { small }) })}>
      {icon && <Icon outline={icon} />}
      <span>{children}</span>
    </Link>
  );
}
