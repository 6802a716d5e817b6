import { useCallback, useEffect, useRef, useState } from "react";
import { ProblemError, Unreachable } from "../../api/client";
import { type KeptLineTest, reportLine } from "../../api/line";
import { askRelays } from "../../api/relays";
import { type LineResult, testLine } from "../../live/line";
import type { Way } from "../../live/state";

/** What is known of each way: null while it is being tried. */
export type WayResults = Partial<Record<Way, boolean | null>>;

interface LineCheck {
  readonly phase: "idle" | "running" | "done" | "failed";
  readonly ways: WayResults;
  readonly result: LineResult | null;
  readonly kept: KeptLineTest | null;
  /** Why nothing is known of the line, or why the result was not kept. */
  readonly error: Error | null;
}

const IDLE: LineCheck = { phase: "idle", ways: {}, result: null, kept: null, error: null };

/** What went wrong, for the page to show; a fault of our own is told to the console too, and ends nothing else. */
function told(error: unknown): Error {
  const isKnown = error instanceof ProblemError || error instanceof Unreachable || error instanceof DOMException;
  if (!isKnown) reportError(error);
  return error instanceof Error ? error : new Error(String(error));
}

/** Test the line and keep the result for the session, if there is one. Leaving the page ends the test. */
export function useLineTest(sessionId: string | null) {
  const [check, setCheck] = useState(IDLE);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async () => {
    running.current?.abort();
    const here = new AbortController();
    running.current = here;
    const change = (changes: Partial<LineCheck>) => {
      if (!here.signal.aborted) setCheck((before) => ({ ...before, ...changes }));
    };
    setCheck({ ...IDLE, phase: "running" });
    const onWay = (way: Way, works: boolean | null) => {
      if (!here.signal.aborted) setCheck((before) => ({ ...before, ways: { ...before.ways, [way]: works } }));
    };
    let result: LineResult;
    try {
      result = await testLine(await askRelays(here.signal), onWay, here.signal);
    } catch (error) {
      change({ phase: "failed", error: told(error) });
      return;
    }
    change({ phase: "done", result });
    if (sessionId === null || here.signal.aborted) return;
    try {
      change({ kept: await reportLine(sessionId, result) });
    } catch (error) {
      change({ error: told(error) });
    }
  }, [sessionId]);
  return { ...check, start };
}
