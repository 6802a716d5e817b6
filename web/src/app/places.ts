import { t } from "@lingui/core/macro";
import type { Me, OfficeRole } from "../api/types";

interface Place {
  path: string;
  word: () => string;
  /** Offices that go there; the server decides what they may read and change. */
  offices: readonly OfficeRole[];
}

const PLACES: readonly Place[] = [
  { path: "/", word: () => t`Home`, offices: ["scss", "supervisor", "reviewer", "member"] },
  { path: "/validations", word: () => t`Validations`, offices: ["scss", "supervisor", "reviewer", "member"] },
  { path: "/members", word: () => t`Members`, offices: ["scss", "supervisor"] },
  { path: "/reviews", word: () => t`Reviews`, offices: ["supervisor"] },
  { path: "/criteria", word: () => t`Criteria`, offices: ["supervisor"] },
  { path: "/accounts", word: () => t`Accounts`, offices: ["supervisor", "operator"] },
];

export function placesOf(me: Me): readonly Place[] {
  return PLACES.filter(({ offices }) => me.office_role !== null && offices.includes(me.office_role));
}
