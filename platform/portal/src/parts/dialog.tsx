/** Dialogs on the native element: focus stays inside, Esc closes. Dangerous acts say what will happen before the button. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import type { ApiError } from "../api.ts";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button, IconButton } from "./button.tsx";
import { ErrorBox } from "./notice.tsx";

interface DialogProps {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** Shown while mounted. */
export function Dialog({ title, close, children, wide = false }: DialogProps): ReactNode {
  const t = useWords(shell);
  const heading = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    // The first field is where the work is; the close button comes first only in the order of the page.
    dialog
      .querySelector<HTMLElement>("[data-first], .dialog-body input, .dialog-body select, .dialog-body textarea")
      ?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={wide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton icon="close" label={t("close")} onClick={close} />
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  /** What will happen, in numbers; one line each. */
  readonly consequences: readonly string[];
  readonly action: string;
  /** Must be typed before the act is possible. */
  readonly typed?: string;
  readonly danger?: boolean;
  readonly close: () => void;
  readonly run: () => Promise<unknown>;
  readonly children?: ReactNode;
}

/** Asks before an act; closes when it is done, stays with the error when it is refused. */
export function ConfirmDialog(props: ConfirmProps): ReactNode {
  const { title, consequences, action, typed, danger = true, close, run, children } = props;
  const t = useWords(shell);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [text, setText] = useState("");
  const field = useId();
  const go = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await run();
      close();
    } catch (cause) {
      setError(cause as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close}>
      <ul className="consequences">
        {consequences.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {children}
      {typed === undefined ? null : (
        <div className="field">
          <label htmlFor={field}>{t("confirm.type", { name: typed })}</label>
          <input
            id={field}
            className="input"
            value={text}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      {error === null ? null : <ErrorBox error={error} title={t("form.refused")} />}
      <div className="dialog-actions">
        <Button onClick={close}>{t("cancel")}</Button>
        <Button
          kind={danger ? "danger" : "primary"}
          busy={busy}
          disabled={typed !== undefined && text.trim() !== typed.trim()}
          onClick={() => void go()}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
