/** A value shown once, with a button that copies it. */
import { useState, type ReactNode } from "react";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button } from "./button.tsx";

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const t = useWords(shell);
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2_000);
  };
  return (
    <Button icon={done ? "check" : "copy"} onClick={() => void copy()}>
      {done ? t("copied") : (label ?? t("copy"))}
    </Button>
  );
}

interface SecretProps {
  readonly label: string;
  readonly text: string;
  /** Absent: the warning that it is shown only once. */
  readonly note?: ReactNode;
}
export function Secret({ label, text, note }: SecretProps): ReactNode {
  const t = useWords(shell);
  return (
    <div className="secret">
      <p className="secret-label">{label}</p>
      <code className="secret-text" tabIndex={0}>
        {text}
      </code>
      <CopyButton text={text} />
      <p className="soft small">{note ?? t("secret.once")}</p>
    </div>
  );
}
