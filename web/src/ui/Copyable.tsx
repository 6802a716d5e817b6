import copy from "icon:content_copy";
import { copyText } from "./copyText";
import { Icon } from "./Icon";

/** A short id or link with a button that copies all of it. `what` names it: "Copy join link". */
export function Copyable({ text, shown, what }: { text: string; shown?: string; what: string }) {
  return (
    <span className="copyable">
      <code>{shown ?? text}</code>
      <button type="button" className="icon-button" aria-label={what} title={what} onClick={() => void copyText(text)}>
        <Icon outline={copy} />
      </button>
    </span>
  );
}
