/** What waits to be uploaded, and what is known about it. */

import type { Problem } from "../api/client";

export const RETENTION_CLASSES = ["general", "identity_paper", "personnel_file"] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** Facts that go with the bytes; all but the digest are the page's claims. */
export interface CaptureFacts {
  readonly validation_id: string;
  readonly validation_session_id: string | null;
  readonly kind: "still" | "photo" | "document" | "video";
  readonly filename: string;
  readonly media_type: string;
  readonly criterion_id: string | null;
  readonly stop_id: string | null;
  readonly still_id: string | null;
  readonly camera: "full" | "frame" | null;
  /** What it shows; what is about persons is encrypted with a key of its own. Captures of earlier pages have none. */
  readonly retention_class?: RetentionClass;
  /** ISO 8601 by the device's clock. */
  readonly captured_at_device: string;
}

export interface Capture {
  readonly id: string;
  /** Login and participant it belongs to; another person on the same browser never sees it. */
  readonly owner: string;
  readonly facts: CaptureFacts;
  readonly size: number;
  readonly sha256: string;
  /** Where the server keeps the part that has arrived; null before the first answer. */
  readonly upload_url: string | null;
  /** Why the server would not have it. It stays until the person drops it. */
  readonly refusal: Problem | null;
}

/** Where captures outlive the page. Bytes are apart, so that a list costs nothing. */
export interface CaptureShelf {
  put(capture: Capture, bytes: ArrayBuffer): Promise<void>;
  update(capture: Capture): Promise<void>;
  bytes(id: string): Promise<ArrayBuffer | null>;
  list(owner: string): Promise<readonly Capture[]>;
  remove(id: string): Promise<void>;
}
