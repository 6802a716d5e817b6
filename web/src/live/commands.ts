/** What a participant asks for. The id is made here and kept over every resend, so that twice sent is once done. */

import type { VideoCodec } from "./codecs";
import type { Cause } from "./interruptions";
import type { Method, ReviewMark, Verdict } from "./state";

export type CommandBody =
  | { type: "session.start"; validation_session_id: string }
  | { type: "session.end"; validation_session_id: string }
  | { type: "participant.admit"; validation_session_id: string; participant_id: string }
  | { type: "participant.remove"; validation_session_id: string; participant_id: string; reason: string }
  | { type: "consent.give"; validation_session_id: string; recording: boolean; language: "en" | "es"; text_id: string }
  | {
      type: "lobby.enter";
      validation_session_id: string;
      camera: boolean;
      microphone: boolean;
      user_agent_label: string;
      decodes: VideoCodec[];
      encodes: VideoCodec[];
    }
  | { type: "room.leave"; validation_session_id: string }
  | { type: "privacy.start"; validation_session_id: string; reason: string }
  | { type: "privacy.stop"; validation_session_id: string }
  | { type: "tour.add_stop"; stop_id: string; validation_session_id: string; name: string }
  | { type: "tour.open_stop"; validation_session_id: string; stop_id: string }
  | { type: "tour.mark"; validation_session_id: string; label: string; criterion_id: string | null }
  | {
      type: "still.request";
      validation_session_id: string;
      still_id: string;
      criterion_id: string | null;
      stop_id: string | null;
    }
  | { type: "still.decline"; still_id: string; reason: string }
  | { type: "photo_mode.start"; source_id: string }
  | { type: "photo_mode.stop"; source_id: string }
  | {
      type: "interruption.report";
      interruption_id: string;
      source_id: string;
      cause: Cause;
      started_at: string;
      ended_at: string | null;
    }
  | {
      type: "answer.record";
      criterion_id: string;
      verdict: Verdict;
      method: Method;
      note: string;
      reason: string | null;
      stop_id: string | null;
      item_ids: readonly string[];
      base_version: number;
    }
  | { type: "finding.set_due"; finding_id: string; due_on: string; base_version: number }
  | { type: "item.link"; item_id: string; criterion_id: string }
  | { type: "request.open"; request_id: string; criterion_id: string | null; text: string }
  | { type: "request.close"; request_id: string }
  | { type: "review.mark"; criterion_id: string; answer_version: number; mark: ReviewMark; note: string }
  | { type: "review.sign"; statement: string };

export type Command = CommandBody & { readonly command_id: string };
export type AnswerCommand = Extract<Command, { type: "answer.record" }>;

const LASTING: ReadonlySet<Command["type"]> = new Set([
  "answer.record",
  "item.link",
  "request.open",
  "request.close",
  "tour.add_stop",
  "interruption.report",
] as const);

/** Whether a command means the same when a later page sends it; a mark or a leave belongs to its moment. */
export function isLasting(command: Command): boolean {
  return LASTING.has(command.type);
}

/** A UUID of version 7 (RFC 9562, 5.7): 48 bits of Unix time in ms, then random bits; later ids sort later. */
export function newId(nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
