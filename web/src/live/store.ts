/** A value that can be watched: the shape `useSyncExternalStore` wants, without knowing who watches. */

export class Store<View> {
  readonly #watchers = new Set<() => void>();
  #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly view = (): View => this.#view;

  /** Replace parts of the view and tell the watchers; a change that changes nothing is not told. */
  change(changes: Partial<View>): void {
    const before = this.#view;
    const after = { ...before, ...changes };
    const keys: (keyof View)[] = Object.keys(changes).filter((key): key is keyof View & string => key in after);
    if (keys.every((key) => Object.is(before[key], after[key]))) {
      return;
    }
    this.#view = after;
    for (const watcher of this.#watchers) {
      watcher();
    }
  }
}
