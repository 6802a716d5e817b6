import { t } from "@lingui/core/macro";
import { toast } from "./announce";

/** Copy a text and say so; where the browser does not let us, say that it must be selected by hand. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    toast(t`This browser does not let the page copy. Select the text and copy it yourself.`);
    return;
  }
  toast(t`Copied.`);
}
