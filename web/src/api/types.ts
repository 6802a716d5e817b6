/** Records of the wire that are not part of the folded case state (see live/state.ts for those). */

import type { Language, Side } from "../live/state";

export type { FindingKind, Language, Phase, Role, SessionPhase, Side } from "../live/state";
export type OfficeRole = "scss" | "supervisor" | "reviewer" | "operator" | "member";
export type EntityType =
  | "importer"
  | "exporter"
  | "foreign_manufacturer"
  | "highway_carrier"
  | "mexican_long_haul_carrier"
  | "customs_broker"
  | "consolidator"
  | "third_party_logistics"
  | "sea_carrier"
  | "air_carrier"
  | "rail_carrier"
  | "marine_port_terminal_operator";
export type ValidationMethod = "virtual" | "hybrid" | "in_person";

/** Who is signed in: an account, or a guest whom a join link bound to one session. */
export interface Me {
  kind: "account" | "guest";
  name: string;
  email: string;
  side: Side;
  office_role: OfficeRole | null;
  member_id: string | null;
  account_id: string | null;
  participant_id: string | null;
  validation_id: string | null;
  validation_session_id: string | null;
  language: string;
}

export interface Login {
  id: string;
  current: boolean;
  user_agent: string;
  address: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  office_role: OfficeRole;
  side: Side;
  member_id: string | null;
  language: Language;
}

export interface Member {
  id: string;
  name: string;
  entity_types: EntityType[];
  account_number: string;
}

export interface Site {
  id: string;
  member_id: string;
  name: string;
  address: string;
  country: string;
  time_zone: string;
}

export interface Person {
  id: string;
  member_id: string;
  name: string;
  title: string;
  email: string;
  language: Language;
}

export interface MemberDetail extends Member {
  sites: Site[];
  people: Person[];
}
