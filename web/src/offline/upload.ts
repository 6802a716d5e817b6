/** One upload by tus 1.0: it goes on where the server says the last one stopped, in this page or a later one. */

import type { DetailedError, OnSuccessPayload, Upload } from "tus-js-client";
import { type Problem, ProblemError, Unreachable } from "../api/client";
import { readProblem } from "../live/problem";
import type { Capture } from "./captures";

const CHUNK_BYTES = 1024 * 1024;
const RETRY_DELAYS_MS = [300, 1000, 3000];
/** Given by the server once the item is admitted; without it the bytes may have arrived but nothing vouches for them. */
const ITEM_HEADER = "Sightline-Item";

interface UploadListener {
  readonly onUrl: (url: string) => void;
  readonly onSent: (bytes: number) => void;
}

/** Sends one capture; resolves with the id of the admitted item. */
export type Sender = (
  capture: Capture,
  bytes: ArrayBuffer,
  listener: UploadListener,
  signal: AbortSignal,
) => Promise<string>;

function uploadMetadata(capture: Capture): Record<string, string> {
  const { media_type, ...facts } = capture.facts;
  const all = { ...facts, filetype: media_type, sha256: capture.sha256 };
  const told = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null);
  return Object.fromEntries(told);
}

function statusOf(error: Error | DetailedError): number {
  return ("originalResponse" in error ? error.originalResponse?.getStatus() : undefined) ?? 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

/** Conflicts that pass by themselves: another request was faster, or the server knows more than this page. */
const PASSING_CONFLICTS: ReadonlySet<string> = new Set([
  "offset_conflict",
  "upload_busy",
  "upload_finished",
  "too_many_uploads",
]);

function problemIn(error: Error | DetailedError): Problem | null {
  const body = "originalResponse" in error ? (error.originalResponse?.getBody() ?? "") : "";
  return readProblem(parsed(body));
}

/** A refusal of the file itself is final; a lock, a limit or a broken server is not. Sent for ever, it would block all others. */
function isFinal(error: Error | DetailedError): boolean {
  const status = statusOf(error);
  if (status === 409) {
    const problem = problemIn(error);
    return problem !== null && !PASSING_CONFLICTS.has(problem.code);
  }
  return status >= 400 && status < 500 && ![401, 408, 423, 425, 429].includes(status);
}

function asError(error: Error | DetailedError): Error {
  if (!isFinal(error)) {
    return new Unreachable(error);
  }
  const status = statusOf(error);
  const plain: Problem = { type: "about:blank", title: error.message, status, code: "unexpected_answer" };
  return new ProblemError(problemIn(error) ?? plain);
}

function itemIn(payload: OnSuccessPayload): string | null {
  return payload.lastResponse.getHeader(ITEM_HEADER) ?? null;
}

/** Lets the tus client cut slices out of the kept bytes themselves, without a second copy in a Blob. */
function sliced(bytes: ArrayBuffer) {
  const slice = async (start: number, end: number) => {
    const until = Math.min(end, bytes.byteLength);
    const size = until - start;
    // The client counts by `size`, the name that Blobs use.
    const value = Object.assign(new Uint8Array(bytes, start, size), { size });
    return { value, done: until === bytes.byteLength };
  };
  return { openFile: async () => ({ size: bytes.byteLength, slice, close: () => {} }) };
}

/** Return a sender to the given tus endpoint. The tus client is fetched on first use. */
export function tusSender(endpoint: string): Sender {
  return async (capture, bytes, listener, signal) => {
    const tus = await import("tus-js-client");
    return new Promise((resolve, reject) => {
      const upload: Upload = new tus.Upload(new Blob(), {
        fileReader: sliced(bytes),
        fingerprint: async () => capture.id,
        endpoint,
        uploadUrl: capture.upload_url,
        chunkSize: CHUNK_BYTES,
        retryDelays: RETRY_DELAYS_MS,
        storeFingerprintForResuming: false,
        metadata: uploadMetadata(capture),
        onShouldRetry: (error) => !isFinal(error),
        onUploadUrlAvailable: () => listener.onUrl(upload.url ?? ""),
        onProgress: (sent) => listener.onSent(sent),
        onError: (error) => reject(asError(error)),
        onSuccess: (payload) => {
          const item = itemIn(payload);
          if (item === null) {
            reject(new Unreachable(new Error("all bytes arrived, but no item was admitted")));
          } else {
            resolve(item);
          }
        },
      });
      const stop = () => {
        void upload.abort().then(() => reject(new Unreachable(new Error("stopped"))));
      };
      signal.addEventListener("abort", stop);
      upload.start();
    });
  };
}
