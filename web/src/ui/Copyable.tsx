import copy from "icon:content_copy";
import { useLingui } from "@lingui/react/macro";
import { toast } from "./announce";
import { Icon } from "./Icon";

/** A short id or link with a button that copies all of it. `what` names it: "Copy join link". */
export function Copyable({ text, shown, what }: { text: string; shown?: string; what: string }) {
  const { t } = useLingui();
  async function onCopy() {
    await navigator.clipboard.writeText(text);
    toast(t`Copied.`);
  }
  return (
    <span className="copyable">
      <code>{shown ?? text}</code>
      <button type="button" className="icon-button" aria-label={what} title={what} onClick={onCopy}>
        <Icon outline={copy} />
      </button>
    </span>
  );
}
