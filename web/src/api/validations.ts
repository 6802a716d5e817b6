import { useQuery } from "@tanstack/react-query";
import { bodyOf, wire } from "./client";
import { queryClient } from "./queryClient";
import type {
  Invitation,
  NewParticipant,
  NewSession,
  NewTime,
  NewValidation,
  SentInvitation,
  ValidationLine,
  ValidationOverview,
  Worklist,
} from "./types";

const WORKLIST_EVERY_MS = 30_000;

/** What needs the person today; asked for again every half minute, since sessions begin and people come. */
export function useWorklist() {
  return useQuery({
    queryKey: ["worklist"],
    queryFn: ({ signal }): Promise<Worklist> => bodyOf(wire.GET("/api/worklist", { signal })),
    refetchInterval: WORKLIST_EVERY_MS,
  });
}

export function useValidations() {
  return useQuery({
    queryKey: ["validations"],
    queryFn: async ({ signal }): Promise<ValidationLine[]> =>
      (await bodyOf(wire.GET("/api/validations", { signal }))).items,
  });
}

function ofValidation(validationId: string) {
  return { path: { validation_id: validationId } };
}

function ofSession(sessionId: string) {
  return { path: { validation_session_id: sessionId } };
}

/** One validation with its roster; `role` is the reader's own in it. */
export function useValidation(validationId: string) {
  return useQuery({
    queryKey: ["validations", validationId],
    queryFn: ({ signal }): Promise<ValidationOverview> =>
      bodyOf(wire.GET("/api/validations/{validation_id}", { params: ofValidation(validationId), signal })),
    enabled: validationId !== "",
  });
}

export async function openValidation(validation: NewValidation): Promise<{ id: string }> {
  const opened = await bodyOf(wire.POST("/api/validations", { body: validation }));
  await queryClient.invalidateQueries({ queryKey: ["validations"] });
  return opened;
}

/** A change of the schedule shows in the case state and in every list of sessions. */
async function refreshSchedule(validationId: string): Promise<void> {
  await Promise.all(
    [["snapshot", validationId], ["validations"], ["worklist"], ["invitations"]].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}

export async function scheduleSession(validationId: string, session: NewSession): Promise<{ id: string }> {
  const params = ofValidation(validationId);
  const planned = await bodyOf(wire.POST("/api/validations/{validation_id}/sessions", { params, body: session }));
  await refreshSchedule(validationId);
  return planned;
}

export async function rescheduleSession(validationId: string, sessionId: string, change: NewTime): Promise<void> {
  const params = ofSession(sessionId);
  await wire.POST("/api/validation-sessions/{validation_session_id}/reschedule", { params, body: change });
  await refreshSchedule(validationId);
}

export async function cancelSession(validationId: string, sessionId: string, reason: string): Promise<void> {
  const params = ofSession(sessionId);
  await wire.POST("/api/validation-sessions/{validation_session_id}/cancel", { params, body: { reason } });
  await refreshSchedule(validationId);
}

export async function markNoShow(validationId: string, sessionId: string, reason: string): Promise<void> {
  const params = ofSession(sessionId);
  await wire.POST("/api/validation-sessions/{validation_session_id}/no-show", { params, body: { reason } });
  await refreshSchedule(validationId);
}

export async function closeValidation(validationId: string, reason: string): Promise<void> {
  const params = ofValidation(validationId);
  await wire.POST("/api/validations/{validation_id}/close", { params, body: { reason } });
  await refreshSchedule(validationId);
}

export async function addParticipant(validationId: string, participant: NewParticipant): Promise<void> {
  const params = ofValidation(validationId);
  await wire.POST("/api/validations/{validation_id}/participants", { params, body: participant });
  await refreshSchedule(validationId);
}

export function useInvitations(sessionId: string) {
  return useQuery({
    queryKey: ["invitations", sessionId],
    queryFn: async ({ signal }): Promise<Invitation[]> => {
      const params = ofSession(sessionId);
      const path = "/api/validation-sessions/{validation_session_id}/invitations";
      return (await bodyOf(wire.GET(path, { params, signal }))).items;
    },
  });
}

/** Invite a participant; the answer holds the link, which is shown this once. */
export async function sendInvitation(sessionId: string, participantId: string): Promise<SentInvitation> {
  const path = "/api/validation-sessions/{validation_session_id}/invitations";
  const body = { participant_id: participantId };
  const sent = await bodyOf(wire.POST(path, { params: ofSession(sessionId), body }));
  await queryClient.invalidateQueries({ queryKey: ["invitations", sessionId] });
  return sent;
}

export async function revokeInvitation(sessionId: string, invitationId: string): Promise<void> {
  await wire.DELETE("/api/invitations/{invitation_id}", { params: { path: { invitation_id: invitationId } } });
  await queryClient.invalidateQueries({ queryKey: ["invitations", sessionId] });
}
