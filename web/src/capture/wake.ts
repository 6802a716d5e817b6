/** Keeps the screen on while a tour runs: a phone that locks stops its camera. */

/** Hold the screen awake until the returned function is called; taken again whenever the page comes back into view. */
export function keepAwake(): () => void {
  if (!("wakeLock" in navigator)) {
    return () => {};
  }
  let held: WakeLockSentinel | null = null;
  let released = false;
  const take = async () => {
    if (document.visibilityState !== "visible" || released) {
      return;
    }
    try {
      held = await navigator.wakeLock.request("screen");
    } catch (error) {
      // Refused on a low battery or while hidden; the next return to the page asks again.
      if (!(error instanceof DOMException)) {
        throw error;
      }
    }
    if (released) {
      await held?.release();
    }
  };
  const onVisible = () => void take();
  document.addEventListener("visibilitychange", onVisible);
  void take();
  return () => {
    released = true;
    document.removeEventListener("visibilitychange", onVisible);
    void held?.release();
  };
}
