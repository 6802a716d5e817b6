import { useEffect, useRef } from "react";

/** A live picture without sound; voices are played apart, so that a picture may always start by itself. */
export function Picture({
  stream,
  label,
  className,
}: {
  stream: MediaStream | null;
  label: string;
  className?: string;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element !== null && element.srcObject !== stream) {
      element.srcObject = stream;
    }
  }, [stream]);
  return <video ref={video} className={className} aria-label={label} autoPlay playsInline muted />;
}
