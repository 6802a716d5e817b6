import close from "icon:close";
import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon";
import { LiveRegion } from "./LiveRegion";

interface ModalProps {
  heading: ReactNode;
  /** Called for Escape, the close button and the back gesture; the owner then stops rendering the modal. */
  onClose: () => void;
  children: ReactNode;
}

/** A modal on the native dialog element: it traps focus, closes on Escape and gives the focus back. Rendered = open. */
export function Modal({ heading, onClose, children }: ModalProps) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    const opener = document.activeElement;
    shown?.showModal();
    // A form begins at its first field, not at the button that closes it.
    shown?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="usa-modal modal"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="modal__head">
        <h2 id={id}>{heading}</h2>
        <button type="button" className="icon-button" aria-label={t`Close`} onClick={onClose}>
          <Icon outline={close} size="1.5em" />
        </button>
      </div>
      {children}
      <LiveRegion />
    </dialog>
  );
}
