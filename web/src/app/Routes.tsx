import { type ComponentType, lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

const Room = lazy(() => import("../pages/room"));

/** Full-window pages draw their own frame; all others live in the shell. */
const BARE: [string, ComponentType][] = [["/room/:validationId/:sessionId", Room]];

export function Routes() {
  return (
    <Suspense fallback={null}>
      <Switch>
        {BARE.map(([path, component]) => (
          <Route key={path} path={path} component={component} />
        ))}
      </Switch>
    </Suspense>
  );
}
