import { createContext, useContext } from "react";

/** The criterion that digits answer and stills belong to. */
interface Active {
  readonly id: string | null;
  readonly choose: (id: string | null) => void;
}

export const ActiveContext = createContext<Active>({ id: null, choose: () => {} });

export function useActive(): Active {
  return useContext(ActiveContext);
}
