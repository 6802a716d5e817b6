import { type ComponentType, lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { useMe } from "../api/me";
import type { Me } from "../api/types";
import { ProblemPage } from "../ui/Problem";
import { Waiting } from "../ui/Waiting";
import { DoorFrame } from "./frame";
import { Shell } from "./Shell";

/** Pages without an account. */
const SignIn = lazy(() => import("../pages/signin/SignIn"));
const Enter = lazy(() => import("../pages/signin/Enter"));
const Join = lazy(() => import("../pages/join"));
const Connection = lazy(() => import("../pages/connection"));
/** Full-window pages that draw their own frame. */
const Room = lazy(() => import("../pages/room"));

const NotFound = lazy(() => import("../pages/NotFound"));
const SHELL_PAGES: readonly [string, ComponentType][] = [
  ["/", lazy(() => import("../pages/home"))],
  ["/logins", lazy(() => import("../pages/logins"))],
  ["/members", lazy(() => import("../pages/members/Members"))],
  ["/members/:memberId", lazy(() => import("../pages/members/MemberPage"))],
  ["/validations", lazy(() => import("../pages/validations/Validations"))],
  ["/validations/new", lazy(() => import("../pages/validations/NewValidation"))],
  ["/validations/:validationId", lazy(() => import("../pages/validations/Overview"))],
  ["/validations/:validationId/sessions/new", lazy(() => import("../pages/validations/NewSession"))],
  ["/validations/:validationId/sessions/:sessionId", lazy(() => import("../pages/validations/SessionPage"))],
  ["/review/:validationId", lazy(() => import("../pages/review"))],
  ["/evidence/:validationId", lazy(() => import("../pages/evidence"))],
  ["/reviews", lazy(() => import("../pages/reviews"))],
  ["/criteria", lazy(() => import("../pages/criteria"))],
  ["/accounts", lazy(() => import("../pages/accounts"))],
];

export function Routes() {
  return (
    <Switch>
      <Route path="/sign-in">
        <Door page={SignIn} />
      </Route>
      <Route path="/enter">
        <Door page={Enter} />
      </Route>
      <Route path="/join">
        <Door page={Join} />
      </Route>
      <Route path="/connection/:validationId?/:sessionId?">
        <Door page={Connection} />
      </Route>
      <Route path="/room/:validationId/:sessionId">
        <Suspense fallback={<Waiting />}>
          <Room />
        </Suspense>
      </Route>
      <Route>
        <SignedIn />
      </Route>
    </Switch>
  );
}

function Door({ page: Page }: { page: ComponentType }) {
  return (
    <DoorFrame>
      <Suspense fallback={<Waiting />}>
        <Page />
      </Suspense>
    </DoorFrame>
  );
}

function SignedIn() {
  const me = useMe();
  const [location] = useLocation();
  if (me.data) return me.data.kind === "guest" ? <Redirect to="/join" /> : <Inside me={me.data} />;
  if (me.data === null)
    return <Redirect to={location === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(location)}`} />;
  return <DoorFrame>{me.error ? <ProblemPage error={me.error} retry={() => me.refetch()} /> : <Waiting />}</DoorFrame>;
}

function Inside({ me }: { me: Me }) {
  const [location] = useLocation();
  // An operator runs the installation and has no day of sessions.
  if (me.office_role === "operator" && location === "/") return <Redirect to="/accounts" replace />;
  return (
    <Shell me={me}>
      <Suspense fallback={<Waiting />}>
        <Switch>
          {SHELL_PAGES.map(([path, component]) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
