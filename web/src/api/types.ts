/** Records of the wire by the names the pages use; their shapes are the server's. */

import type { Schemas } from "./client";

export type Account = Schemas["Account"];
export type AddedAccount = Schemas["AccountAddedView"];
export type EntityType = Schemas["EntityType"];
export type Export = Schemas["ExportView"];
export type Invitation = Schemas["InvitationView"];
export type Language = Schemas["Person"]["language"];
export type Login = Schemas["LoginView"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type MemberDetail = Schemas["MemberDetail"];
export type NewAccount = Schemas["NewAccount"];
export type NewMember = Schemas["NewMember"];
export type NewParticipant = Schemas["NewParticipant"];
export type NewPerson = Schemas["NewPerson"];
export type NewSession = Schemas["NewSession"];
export type NewSite = Schemas["NewSite"];
export type NewTime = Schemas["NewTime"];
export type NewValidation = Schemas["NewValidation"];
export type OfficeRole = Schemas["OfficeRole"];
export type Participant = Schemas["Participant"];
export type Person = Schemas["Person"];
export type Phase = Schemas["Phase"];
export type Reading = Schemas["Reading"];
export type Role = Schemas["Role"];
export type SentInvitation = Schemas["InvitationMade"];
export type SessionLine = Schemas["SessionLine"];
export type SessionState = Schemas["SessionState"];
export type Side = Schemas["Side"];
export type Site = Schemas["Site"];
export type ValidationLine = Schemas["ValidationLine"];
export type ValidationMethod = Schemas["ValidationMethod"];
export type ValidationOverview = Schemas["ValidationOverview"];
export type WaitingLine = Schemas["WaitingLine"];
export type Worklist = Schemas["Worklist"];
