import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { openStopOf } from "../../live/reading";
import type { RetentionClass } from "../../offline/captures";
import { toast } from "../../ui/announce";
import { useSeat } from "./context";

const LARGEST_BYTES = 200_000_000;

/** Types that browsers leave empty, by the ending of the name. The server looks into the bytes anyway. */
const BY_ENDING: Readonly<Record<string, string>> = {
  heic: "image/heic",
  heif: "image/heif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  avif: "image/avif",
  webp: "image/webp",
  tif: "image/tiff",
  tiff: "image/tiff",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  csv: "text/csv",
  mov: "video/quicktime",
};
const KINDS: readonly (readonly [string, "photo" | "video"])[] = [
  ["image/", "photo"],
  ["video/", "video"],
];

function mediaTypeOf(file: { name: string; type: string }): string {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return file.type || (BY_ENDING[ending] ?? "application/octet-stream");
}

/** Put files into the upload queue, tied to the open stop and, if given, to a criterion. */
export function useAddFiles(): (
  files: readonly File[],
  criterionId: string | null,
  shows: RetentionClass,
) => Promise<void> {
  const { t } = useLingui();
  const { plan, uploads, room } = useSeat();
  return useCallback(
    async (files, criterionId, shows) => {
      const stop = openStopOf(room.store.view().state, plan.validationSessionId);
      for (const file of files) {
        if (file.size > LARGEST_BYTES || file.size === 0) {
          toast(t`${file.name} is empty or larger than 200 MB and was not taken.`);
          continue;
        }
        const media_type = mediaTypeOf(file);
        await uploads.add(file, {
          validation_id: plan.validationId,
          validation_session_id: plan.validationSessionId,
          kind: KINDS.find(([family]) => media_type.startsWith(family))?.[1] ?? "document",
          filename: file.name,
          media_type,
          criterion_id: criterionId,
          stop_id: stop?.id ?? null,
          still_id: null,
          camera: null,
          retention_class: shows,
          captured_at_device: new Date(file.lastModified).toISOString(),
        });
      }
    },
    [t, plan, uploads, room],
  );
}
