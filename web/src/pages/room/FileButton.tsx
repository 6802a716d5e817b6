import upload from "icon:file_upload";
import { Trans, useLingui } from "@lingui/react/macro";
import { type ChangeEvent, type ReactNode, useRef, useState } from "react";
import { RETENTION_CLASSES, type RetentionClass } from "../../offline/captures";
import { Button } from "../../ui/Button";
import { useMay } from "./context";
import { useAddFiles } from "./useAddFiles";

const ACCEPTED = [
  "image/jpeg,image/png,image/webp,image/gif,image/avif,image/tiff,image/heic,image/heif,.heic,.heif",
  "application/pdf,.pdf,.docx,.xlsx,.pptx,text/plain,.txt,text/csv,.csv",
  "video/mp4,video/quicktime,video/webm,.mp4,.mov,.webm",
].join(",");

interface FileButtonProps {
  /** Whether to ask what the files show, for papers about persons. */
  asks?: boolean;
  small?: boolean;
  criterionId?: string | null;
  children?: ReactNode;
}

/** Choose photos and documents; they go into the queue at once and from there to the locker. */
export function FileButton({ asks = false, small = false, criterionId = null, children }: FileButtonProps) {
  const mayUpload = useMay("upload");
  const addFiles = useAddFiles();
  const [shows, setShows] = useState<RetentionClass>("general");
  const { t } = useLingui();
  const words: Readonly<Record<RetentionClass, string>> = {
    general: t`Site and its papers`,
    identity_paper: t`Identity papers (encrypted)`,
    personnel_file: t`Personnel files (encrypted)`,
  };
  const input = useRef<HTMLInputElement>(null);
  if (!mayUpload) {
    return null;
  }
  const onChange = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    await addFiles(files, criterionId, shows);
  };
  return (
    <>
      <input ref={input} type="file" hidden multiple accept={ACCEPTED} onChange={onChange} data-testid="files" />
      {asks && (
        <select
          className="usa-select"
          aria-label={t`What the files show`}
          value={shows}
          onChange={(event) => setShows(RETENTION_CLASSES.find((one) => one === event.target.value) ?? "general")}
        >
          {RETENTION_CLASSES.map((one) => (
            <option key={one} value={one}>
              {words[one]}
            </option>
          ))}
        </select>
      )}
      <Button look="outline" small={small} icon={upload} onClick={() => input.current?.click()}>
        {children ?? <Trans>Add files</Trans>}
      </Button>
    </>
  );
}
