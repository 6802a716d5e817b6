import { type ReactNode, useEffect, useRef } from "react";

const PRODUCT = "Sightline";

/** After the first page of a visit each new page takes the focus to its heading, so that a screen reader starts there. */
let visited = false;

interface PageProps {
  title: string;
  /** Where this page belongs: links above the heading. */
  trail?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** One page: document title, heading with focus on navigation, optional trail, lead and actions. */
export function Page({ title, trail, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
  }, [title]);
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
    window.scrollTo(0, 0);
  }, []);
  return (
    <>
      {trail && <div className="trail">{trail}</div>}
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            <Whole text={title} />
          </h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}

const NUMBER = /(\bV-\d{4}-\d{4,}\b)/;

/** Text whose validation numbers are not broken at their hyphens. */
function Whole({ text }: { text: string }) {
  return text.split(NUMBER).map((part) =>
    NUMBER.test(part) ? (
      <span key={part} className="whole">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
