import upload from "icon:file_upload";
import { Trans } from "@lingui/react/macro";
import { type ChangeEvent, type ReactNode, useRef } from "react";
import { Button } from "../../ui/Button";
import { useMay } from "./context";
import { useAddFiles } from "./useAddFiles";

const ACCEPTED = [
  "image/jpeg,image/png,image/webp,image/gif,image/avif,image/tiff,image/heic,image/heif,.heic,.heif",
  "application/pdf,.pdf,.docx,.xlsx,.pptx,text/plain,.txt,text/csv,.csv",
  "video/mp4,video/quicktime,video/webm,.mp4,.mov,.webm",
].join(",");

interface FileButtonProps {
  small?: boolean;
  criterionId?: string | null;
  children?: ReactNode;
}

/** Choose photos and documents; they go into the queue at once and from there to the locker. */
export function FileButton({ small = false, criterionId = null, children }: FileButtonProps) {
  const mayUpload = useMay("upload");
  const addFiles = useAddFiles();
  const input = useRef<HTMLInputElement>(null);
  if (!mayUpload) {
    return null;
  }
  const onChange = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    await addFiles(files, criterionId);
  };
  return (
    <>
      <input ref={input} type="file" hidden multiple accept={ACCEPTED} onChange={onChange} data-testid="files" />
      <Button look="outline" small={small} icon={upload} onClick={() => input.current?.click()}>
        {children ?? <Trans>Add files</Trans>}
      </Button>
    </>
  );
}
