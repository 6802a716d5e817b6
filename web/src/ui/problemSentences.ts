import { t } from "@lingui/core/macro";
import type { Problem } from "../api/client";
import { clockIn, dayAndClockIn, myZone } from "./time";

type Sentence = (problem: Problem) => string;

function moment(value: unknown): string {
  return typeof value === "string" ? dayAndClockIn(new Date(value), myZone()) : "–";
}

function clock(value: unknown): string {
  return typeof value === "string" ? clockIn(new Date(value), myZone()) : "–";
}

function words(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value ?? "–");
}

/** For every `code` of a refusal: what happened, what was kept, what to do. The test reads the codes of the server. */
export const SENTENCES: Record<string, Sentence> = {
  // Signing in and links
  not_signed_in: () => t`You are not signed in, or your login has ended. Sign in again.`,
  sign_in_refused: () => t`E-mail address and password do not match an account. Check both and try again.`,
  sign_in_link_spent: () =>
    t`This sign-in link was used already or has ended. Sign in with your password, or ask for a new link.`,
  already_signed_in: ({ name }) => {
    const who = words(name);
    return t`${who} is signed in here with an account. Sign out first, or open the link on the guest’s own device.`;
  },
  password_too_short: ({ min_length }) => {
    const least = words(min_length);
    return t`The password needs at least ${least} characters.`;
  },
  token_not_found: () => t`There is no such token, or it is not yours to withdraw.`,
  token_name_taken: () => t`Equipment of this name has a token already. Choose another name, or withdraw that token.`,
  token_in_use: () => t`Another device sends or watches with this token. End it there, or make a token of its own.`,
  token_out_of_scope: () => t`The token is for another session, or for something else than this.`,
  not_permitted: () => t`Your account may not do this.`,
  cross_site_request: () => t`The request did not come from this page and was stopped. Reload the page and try again.`,
  too_many_requests: ({ retry_after_s }) => {
    const seconds = words(retry_after_s);
    return t`Too many tries. Wait ${seconds} seconds, then try again.`;
  },
  link_expired: ({ expired_at }) => {
    const at = moment(expired_at);
    return t`This link ended on ${at}. Ask the specialist for a new one.`;
  },
  link_revoked: () => t`This link was withdrawn. Ask the specialist for a new one.`,
  link_bound_elsewhere: () =>
    t`This link was first opened in another browser and works only there. Open it there, or ask the specialist for a new one.`,

  unexpected_answer: () => t`Something between this page and the server answered instead of it. Try again in a moment.`,

  // What was asked for
  not_found: () => t`There is nothing here, or it is not open to you.`,
  method_not_allowed: () => t`This page asked for something the server does not offer. Reload the page.`,
  request_invalid: ({ errors }) => {
    const places = Array.isArray(errors)
      ? errors
          .map((one) =>
            typeof one === "object" && one && "where" in one ? String(one.where).replace(/^body\./, "") : "",
          )
          .join(", ")
      : "";
    return t`The server could not read this: ${places}. Nothing was saved. Correct it and send again.`;
  },
  unsupported_media_type: () => t`The server does not take a file of this kind here. Nothing was saved.`,
  body_too_large: ({ limit_bytes }) => {
    const megabytes = Math.round(Number(limit_bytes) / 1_000_000);
    return t`This is larger than the ${megabytes} MB that are allowed. Nothing was saved.`;
  },
  internal_error: ({ incident }) => {
    const number = words(incident);
    return t`Something failed on the server. Try again; if it fails again, report the number ${number}.`;
  },

  // Companies, people, validations
  validation_not_found: () => t`There is no such validation, or it is not open to you.`,
  member_not_found: () => t`There is no such member company, or it is not open to you.`,
  site_not_found: () => t`This member has no such site.`,
  person_not_found: () => t`This member has no such contact person.`,
  account_not_found: () => t`There is no such account.`,
  email_taken: ({ email }) => {
    const address = words(email);
    return t`Another account already signs in as ${address}.`;
  },
  participant_not_found: () => t`This validation has no such participant.`,
  already_participant: () => t`This person takes part in the validation already.`,
  role_not_fitting: () =>
    t`This role is for the other side or for another office. Choose another role or another person.`,
  site_of_another_member: () => t`This site belongs to another member.`,
  not_allowed: () => t`Your role in this validation does not allow this.`,
  wrong_phase: () =>
    t`This is not possible in the present state. It may have changed meanwhile; look at the page again.`,
  version_conflict: () =>
    t`Somebody changed the same thing at the same moment. Nothing of yours was saved; look again and decide.`,

  // Scheduling
  unknown_time_zone: ({ time_zone }) => {
    const zone = words(time_zone);
    return t`"${zone}" is not a time zone. Choose one from the list.`;
  },
  local_time_missing: ({ time_zone }) => {
    const zone = words(time_zone);
    return t`The clocks at the site (${zone}) skip this time because they are put forward. Choose another time.`;
  },
  local_time_ambiguous: ({ time_zone, earlier, later }) => {
    const [zone, first, second] = [words(time_zone), clock(earlier), clock(later)];
    return t`The clocks at the site (${zone}) show this time twice, since they are put back: at ${first} and at ${second} on your clock. Choose another time.`;
  },
  starts_in_the_past: () => t`A session cannot start in the past. Choose a later time.`,
  reason_missing: () => t`Say the reason in a few words.`,
  invitation_not_found: () =>
    t`This link is not complete or not valid. Open it again from the message, or ask for a new one.`,

  // Live session
  consent_missing: () => t`Your consent for this session is not given yet.`,
  not_admitted: () => t`The specialist has not let you in yet.`,
  participant_removed: () => t`The specialist has taken you out of the session. Wait in the lobby to be let in again.`,
  source_not_found: () => t`This camera or microphone is no longer being sent.`,
  source_unknown: () => t`This camera or microphone is no longer being sent.`,
  stop_not_found: () => t`There is no such tour stop.`,
  still_not_found: () => t`Nobody asked for this picture any more.`,
  still_answered: () => t`This picture was taken or declined already.`,
  still_unavailable: () => t`No sharp picture could be taken from the video just now. Try again.`,
  privacy_on: () => t`“Show, do not store” is on: nothing is stored until it is off.`,
  privacy_unchanged: () => t`It is so already.`,
  interruption_open: () => t`It is so already.`,
  offer_refused: () =>
    t`The server and this browser found no common way to send video. Use a current Chrome, Safari or Firefox.`,
  media_unavailable: () => t`The video server does not answer. What was filed is safe; the page tries again by itself.`,
  ice_session_changed: () => t`This connection was renewed from elsewhere. The page connects again by itself.`,
  precondition_missing: () => t`This page is older than the server. Reload it.`,
  media_busy: () => t`The video server has as much as it can bear just now. Try again in a few seconds.`,
  probes_busy: () => t`Many people test their connection just now. Try again in a few seconds.`,

  // Checklist, findings, review
  criterion_not_found: () => t`This criterion does not apply to this validation.`,
  note_missing: () => t`Write a note: a gap needs what was seen, and “not applicable” or “not remotely” need a reason.`,
  method_not_fitting: () => t`This verdict cannot rest on that method. Choose another method.`,
  answer_changed: ({ by_name, at }) => {
    const [name, when] = [words(by_name), clock(at)];
    return t`${name} changed this answer at ${when}. Yours was not saved; compare both and decide.`;
  },
  evidence_item_not_found: () => t`There is no such evidence item, or it is not open to you.`,
  request_not_found: () => t`This request is closed already.`,
  finding_not_found: () => t`This finding is closed already.`,
  finding_changed: ({ due_on }) => {
    const due = words(due_on);
    return t`Somebody changed this finding meanwhile; it is now due on ${due}. Look at it again.`;
  },
  reviewer_answered: () => t`Who answered an item may not review it. Another reviewer has to.`,
  review_incomplete: ({ unmarked }) => {
    const open = words(unmarked);
    return t`Every answer must be marked before you sign. Still open: ${open}.`;
  },
  review_already_signed: () => t`The review is signed; nothing more can be marked.`,
  edition_not_found: () => t`There is no such edition of the criteria.`,
  official_texts_invalid: () => t`The file cannot be used; nothing was loaded. Correct these lines and load it again.`,

  // Files, ledger
  item_not_found: () => t`There is no such evidence item, or it is not open to you.`,
  custody_conflict: () => t`This cannot be done to the item as it is now. Reload the page to see how it is kept.`,
  still_kept: ({ retain_until }) => {
    const at = moment(retain_until);
    return t`It is to be kept until ${at}. It can be destroyed after that.`;
  },
  item_disposed: () => t`This item was destroyed, or is to be. What it was and why it went is in the ledger.`,
  bytes_erased: () => t`An equal file was being destroyed while this one arrived. It is sent again in a few minutes.`,
  bundle_withdrawn: () => t`This bundle was destroyed, because something in it was disposed of. Ask for a new one.`,
  object_locked: () => t`The store still keeps this file. It can be destroyed when its date is over.`,
  keeping_differs: () => t`The store took a lock and does not show it. Tell whoever runs this installation.`,
  store_forbids: () => t`The store does not let this installation do that. Tell whoever runs it.`,
  wrapping_key_wrong: () => t`This file cannot be decrypted with this installation’s key. Tell whoever runs it.`,
  item_quarantined: () => t`This file was refused when it came in. It is kept apart and not shown.`,
  unreadable_file: () => t`The file cannot be opened: it is damaged or not complete. It is kept apart; send it again.`,
  type_mismatch: ({ declared, found }) => {
    const [said, is] = [words(declared), words(found) || "–"];
    return t`The file says it is ${said} but its content is ${is}. It is kept apart and does not count as evidence.`;
  },
  type_not_allowed: () =>
    t`Files of this kind are not taken here. Send photos as JPEG, HEIC, AVIF, WebP, TIFF, GIF or PNG, documents as PDF, Word, Excel, PowerPoint or text, videos as MP4, MOV or WebM.`,
  not_accepted: () => t`The file is not taken. It is kept apart and does not count as evidence.`,
  checksum_mismatch: () => t`A part of the file changed on its way. It is sent again.`,
  checksum_unsupported: () => t`The upload speaks of a checksum that the server does not know. Reload the page.`,
  tus_version_unsupported: () => t`The upload speaks another version than the server. Reload the page.`,
  file_too_large: ({ limit_bytes }) => {
    const megabytes = Math.round(Number(limit_bytes) / 1_000_000);
    return t`The file is larger than the ${megabytes} MB that are allowed.`;
  },
  too_many_uploads: ({ limit }) => {
    const most = words(limit);
    return t`${most} uploads are under way already. Let them finish first.`;
  },
  upload_not_found: () => t`This upload has ended or expired. Send the file again.`,
  upload_finished: () => t`This upload is finished already.`,
  upload_refused: () =>
    t`The file was refused when it arrived. It is kept apart and does not count as evidence. Check it and send it anew.`,
  upload_busy: () => t`This upload goes on in another window.`,
  offset_conflict: () => t`The upload lost its place and starts again from what has arrived.`,
  range_unsatisfiable: () => t`The file is shorter than that.`,
  recording_not_found: () => t`There is no such recording, or it is not open to you.`,
  lane_not_found: () => t`There is no such recording, or it is not open to you.`,
  segment_not_found: () => t`There is no such piece of a recording.`,
  segment_conflict: () =>
    t`A piece of the recording was reported twice with different content. Report this: it is a fault of the server.`,
  segment_out_of_order: () => t`The recording is being filed piece by piece. Try again in a moment.`,
  not_ready: () => t`This is not ready yet. Try again in a moment.`,
  object_missing: () => t`The stored file is missing. Report this: it is a fault of the store.`,
  object_conflict: () => t`The store holds other bytes under this name. Report this: it is a fault of the store.`,
  digest_mismatch: () =>
    t`The bytes that arrived are not the ones that were sent. They are kept apart; send the file again.`,
  store_unavailable: () => t`The evidence store does not answer. Nothing is lost; try again in a moment.`,
  log_not_found: () => t`There is no such ledger, or it is not open to you.`,
  entry_not_found: () => t`There is no such ledger entry.`,
  log_empty: () => t`The ledger has no entries yet.`,
  proof_out_of_range: () => t`The ledger is shorter than that.`,
  checkpoint_not_found: () => t`The ledger has no checkpoint of that size yet.`,
  body_invalid: () => t`The ledger entry is not in its right form. Report this: it is a fault of the server.`,
  body_kept: () => t`This ledger entry has to be kept.`,
  note_invalid: () => t`The checkpoint is not signed as it should be. Report this: it is a fault of the server.`,
  signing_key_exposed: () => t`The signing key is not kept safe. Report this to the operator.`,
};

/** The sentence for a refusal; an unknown code still says that nothing is known to have changed. */
export function sentenceFor(problem: Problem): string {
  const sentence = SENTENCES[problem.code];
  const code = problem.code;
  return sentence
    ? sentence(problem)
    : t`The server refused this (${code}). Reload the page and look whether it was done.`;
}
