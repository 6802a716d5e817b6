import { useLingui } from "@lingui/react/macro";
import { type FocusEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { type LaneClock, offsetWord } from "./clock";
import { clustered, targetMs } from "./cluster";

/** Something that happened at a moment of the session. */
export interface Happening {
  readonly key: number;
  /** From the start of the session. */
  readonly at_ms: number;
  readonly word: string;
}

interface PointsProps {
  kind: string;
  happenings: readonly Happening[];
  clock: LaneClock;
}

export function share(ms: number, clock: LaneClock): string {
  return `${(100 * ms) / Math.max(clock.duration_ms, 1)}%`;
}

/** What happened, each as a point that seeks; what lies too close together is one point that opens a list. */
export function TimelinePoints({ kind, happenings, clock }: PointsProps) {
  const line = useRef<HTMLOListElement>(null);
  const apart = targetMs(clock.duration_ms, useWidth(line));
  return (
    <ol ref={line} className={`timeline__track timeline__track--${kind}`}>
      {clustered(happenings, apart).map(({ at_ms, things }) => (
        <li key={things[0]?.key} className="timeline__place" style={{ left: share(at_ms, clock) }}>
          {things.length === 1 ? (
            <Point happening={things[0]} clock={clock} />
          ) : (
            <Together happenings={things} clock={clock} />
          )}
        </li>
      ))}
    </ol>
  );
}

/** The width of an element in CSS px, known before it is painted. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const line = element.current;
    if (line === null) return;
    setWidth(line.clientWidth);
    const watch = new ResizeObserver(() => setWidth(line.clientWidth));
    watch.observe(line);
    return () => watch.disconnect();
  }, [element]);
  return width;
}

function labelOf({ at_ms, word }: Happening): string {
  return `${offsetWord(at_ms)} ${word}`;
}

function Point({ happening, clock }: { happening: Happening | undefined; clock: LaneClock }) {
  if (happening === undefined) return null;
  const label = labelOf(happening);
  return (
    <button
      type="button"
      className="timeline__point"
      aria-label={label}
      title={label}
      onClick={() => clock.seek(happening.at_ms)}
    />
  );
}

function Together({ happenings, clock }: { happenings: readonly Happening[]; clock: LaneClock }) {
  const { t } = useLingui();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const count = happenings.length;
  const [from, until] = [happenings[0]?.at_ms ?? 0, happenings.at(-1)?.at_ms ?? 0].map(offsetWord);
  const label = t`${count} entries, ${from} to ${until}`;
  const onBlur = (event: FocusEvent) => {
    // Going on by keyboard closes the list, which would else lie over what has the focus next.
    if (event.relatedTarget !== null && !list.current?.contains(event.relatedTarget)) list.current?.hidePopover();
  };
  return (
    <>
      <button
        type="button"
        className="timeline__point timeline__point--many"
        aria-label={label}
        title={label}
        popoverTarget={id}
      >
        {count}
      </button>
      <ul ref={list} id={id} popover="auto" className="timeline__list" aria-label={label} onBlur={onBlur}>
        {happenings.map((happening) => (
          <li key={happening.key}>
            <button
              type="button"
              className="usa-button usa-button--unstyled"
              onClick={() => clock.seek(happening.at_ms)}
            >
              {labelOf(happening)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
