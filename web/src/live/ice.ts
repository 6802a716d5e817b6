/** Fragments of a session description that renew its ICE, out of an offer and into an answer. Pure. RFC 8840, 9. */

const UFRAG = /^a=ice-ufrag:(.*)$/m;
const PASSWORD = /^a=ice-pwd:(.*)$/m;
const CANDIDATES = /^a=candidate:.*$/gm;
const CANDIDATE_LINES = /^a=candidate:.*\r?\n/gm;

function first(sdp: string, pattern: RegExp): string {
  return pattern.exec(sdp)?.[1]?.trim() ?? "";
}

/** The new credentials of an offer, for the first media section: all others are bundled with it. */
export function fragmentOf(offer: string): string {
  const media = /^m=.*$/m.exec(offer)?.[0].trim() ?? "";
  const mid = /^a=mid:.*$/m.exec(offer)?.[0].trim() ?? "";
  const lines = [`a=ice-ufrag:${first(offer, UFRAG)}`, `a=ice-pwd:${first(offer, PASSWORD)}`, media, mid];
  return `${lines.join("\r\n")}\r\n`;
}

/** The answer from before with the server's new credentials and addresses in it; null for a fragment without them. */
export function renewedAnswer(answer: string, fragment: string): string | null {
  const ufrag = first(fragment, UFRAG);
  const password = first(fragment, PASSWORD);
  if (ufrag === "" || password === "") {
    return null;
  }
  const candidates = fragment.match(CANDIDATES)?.map((line) => `${line.trim()}\r\n`) ?? [];
  return answer
    .replace(CANDIDATE_LINES, "")
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}`)
    .replace(/^a=setup:/gm, `${candidates.join("")}a=setup:`);
}
