/** What the pages offer to a role (sessions/roster/rules.py). The server decides; this only keeps away what it would refuse. */

import type { Role } from "./state";

export type Permission =
  | "read_government"
  | "read_evidence"
  | "enter_room"
  | "speak"
  | "publish_camera"
  | "publish_screen"
  | "connect_equipment"
  | "upload"
  | "set_privacy"
  | "decline_still"
  | "mark"
  | "schedule"
  | "run_session"
  | "admit"
  | "guide_tour"
  | "mark"
  | "answer"
  | "review"
  | "close"
  | "export"
  | "hold"
  | "dispose"
  | "receipt";

const GOVERNMENT: readonly Permission[] = ["read_government", "read_evidence", "export", "receipt"];
const WALK: readonly Permission[] = [
  "read_evidence",
  "enter_room",
  "speak",
  "publish_camera",
  "upload",
  "set_privacy",
  "decline_still",
  "mark",
];
const SPECIALIST: readonly Permission[] = [
  ...GOVERNMENT,
  ...WALK,
  "publish_screen",
  "connect_equipment",
  "schedule",
  "run_session",
  "admit",
  "guide_tour",
  "decline_still",
  "mark",
  "answer",
  "hold",
];

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  scss_lead: [...SPECIALIST, "close", "dispose"],
  scss: SPECIALIST,
  supervisor: [...GOVERNMENT, "enter_room", "speak", "set_privacy", "close", "hold", "dispose"],
  reviewer: [...GOVERNMENT, "review"],
  member_poc: [...WALK, "publish_screen", "connect_equipment", "receipt"],
  member_expert: [...WALK, "publish_screen"],
  camera_operator: WALK,
  partner: ["enter_room"],
  interpreter: ["enter_room", "speak"],
  observer: ["enter_room"],
};

export function may(role: Role, permission: Permission): boolean {
  return PERMISSIONS[role].includes(permission);
}
