/** An icon beside words: hidden from assistive technology, in the colour and size of the text. */
export function Icon({ outline, size = "1.25em" }: { outline: string; size?: string }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={outline} />
    </svg>
  );
}
