import type { ReactNode } from "react";

/** An empty list teaches the first step. */
export function EmptyState({
  heading,
  children,
  action,
}: {
  heading: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty__heading">{heading}</p>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
