import { useQuery } from "@tanstack/react-query";
import { get, post, remove } from "./client";
import { queryClient } from "./queryClient";
import type { EntityType, Language, Phase, Role, SessionPhase, Side, ValidationMethod } from "./types";

/** Which moment is meant where the clock at the site shows a time twice. */
export type Reading = "earlier" | "later";

/** A validation in a list, as the reader in `role` may see it. */
export interface ValidationLine {
  id: string;
  number: string;
  member_id: string;
  member_name: string;
  site_id: string;
  site_name: string;
  time_zone: string;
  entity_types: EntityType[];
  method: ValidationMethod;
  edition_id: string;
  criteria_as_of: string;
  phase: Phase;
  opened_at: string;
  closed_at: string | null;
  role: Role;
  lead_name: string;
  answered: number;
  open_findings: number;
  next_due_on: string | null;
  open_requests: number;
  /** Null for who reads nothing of the review. */
  review_signed: boolean | null;
}

/** A validation session in a list, with what it belongs to and the reader's role there. */
export interface SessionLine {
  id: string;
  validation_id: string;
  number: string;
  member_name: string;
  site_name: string;
  time_zone: string;
  starts_at: string;
  duration_min: number;
  recording: boolean;
  state: SessionPhase;
  started_at: string | null;
  ended_at: string | null;
  role: Role;
}

export interface Participant {
  id: string;
  account_id: string | null;
  person_id: string | null;
  name: string;
  role: Role;
  side: Side;
  email: string;
  language: Language;
}

export interface ValidationOverview extends ValidationLine {
  participants: Participant[];
  sessions: SessionLine[];
}

export type WaitingFor = "schedule" | "outcome" | "requests" | "findings" | "review";

/** Something that waits for the reader in a validation. */
export interface WaitingLine {
  waiting_for: WaitingFor;
  validation_id: string;
  number: string;
  member_name: string;
  count: number;
  due_on: string | null;
}

export interface Worklist {
  today: SessionLine[];
  coming: SessionLine[];
  waiting: WaitingLine[];
}

export interface Invitation {
  id: string;
  participant_id: string;
  name: string;
  role: Role;
  email: string;
  sent_at: string;
  expires_at: string;
  /** Null while the mail waits to be sent. */
  mailed_at: string | null;
  opened_at: string | null;
  revoked_at: string | null;
}

/** A new invitation with its join link, which is shown this once. */
export interface SentInvitation {
  invitation: Invitation;
  link: string;
}

export function useValidations() {
  return useQuery({
    queryKey: ["validations"],
    queryFn: async ({ signal }) => (await get<{ items: ValidationLine[] }>("/validations", signal)).items,
  });
}

const WORKLIST_EVERY_MS = 30_000;

/** What needs the person today; asked for again every half minute, since sessions begin and people come. */
export function useWorklist() {
  return useQuery({
    queryKey: ["worklist"],
    queryFn: ({ signal }) => get<Worklist>("/worklist", signal),
    refetchInterval: WORKLIST_EVERY_MS,
  });
}

/** One validation with its roster; `role` is the reader's own in it. */
export function useValidation(validationId: string) {
  return useQuery({
    queryKey: ["validations", validationId],
    queryFn: ({ signal }) => get<ValidationOverview>(`/validations/${validationId}`, signal),
    enabled: validationId !== "",
  });
}

export async function openValidation(validation: {
  member_id: string;
  site_id: string;
  method: ValidationMethod;
  lead_account_id?: string;
}): Promise<{ id: string }> {
  const opened = await post<{ id: string }>("/validations", validation);
  await queryClient.invalidateQueries({ queryKey: ["validations"] });
  return opened;
}

export interface SessionTime {
  starts_at_local: string;
  duration_min: number;
  reading?: Reading;
}

/** A change of the schedule shows in the case state and in every list of sessions. */
async function refreshSchedule(validationId: string): Promise<void> {
  await Promise.all(
    [["snapshot", validationId], ["validations"], ["worklist"], ["invitations"]].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}

export async function scheduleSession(
  validationId: string,
  session: SessionTime & { site_id: string; recording: boolean },
): Promise<{ id: string }> {
  const planned = await post<{ id: string }>(`/validations/${validationId}/sessions`, session);
  await refreshSchedule(validationId);
  return planned;
}

export async function rescheduleSession(
  validationId: string,
  sessionId: string,
  change: SessionTime & { reason: string },
): Promise<void> {
  await post(`/validation-sessions/${sessionId}/reschedule`, change);
  await refreshSchedule(validationId);
}

export async function callOffSession(
  validationId: string,
  sessionId: string,
  how: "cancel" | "no-show",
  reason: string,
): Promise<void> {
  await post(`/validation-sessions/${sessionId}/${how}`, { reason });
  await refreshSchedule(validationId);
}

export async function addParticipant(
  validationId: string,
  participant: { role: Role; account_id: string } | { role: Role; person_id: string },
): Promise<void> {
  await post<object>(`/validations/${validationId}/participants`, participant);
  await refreshSchedule(validationId);
}

export function useInvitations(sessionId: string) {
  return useQuery({
    queryKey: ["invitations", sessionId],
    queryFn: async ({ signal }) =>
      (await get<{ items: Invitation[] }>(`/validation-sessions/${sessionId}/invitations`, signal)).items,
  });
}

export async function sendInvitation(sessionId: string, participantId: string): Promise<SentInvitation> {
  const sent = await post<SentInvitation>(`/validation-sessions/${sessionId}/invitations`, {
    participant_id: participantId,
  });
  await queryClient.invalidateQueries({ queryKey: ["invitations", sessionId] });
  return sent;
}

export async function revokeInvitation(sessionId: string, invitationId: string): Promise<void> {
  await remove(`/invitations/${invitationId}`);
  await queryClient.invalidateQueries({ queryKey: ["invitations", sessionId] });
}
