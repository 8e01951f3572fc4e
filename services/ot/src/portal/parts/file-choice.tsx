/** A file of this computer: the browser's own field speaks the browser's language, not the reader's. */
import { useId, useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { words } from "../words.ts";

interface FileChoiceProps {
  readonly label: string;
  /** As the attribute of an input. */
  readonly accept: string;
  readonly take: (file: File) => void;
  /** Id of what tells the problem. */
  readonly describedBy?: string;
}
export function FileChoice({ label, accept, take, describedBy }: FileChoiceProps): ReactNode {
  const t = useWords(words);
  const id = useId();
  const [name, setName] = useState<string | null>(null);
  return (
    <div className="ot-file">
      <label htmlFor={id}>{label}</label>
      <span className="ot-file-row">
        <input
          id={id}
          type="file"
          className="unseen"
          accept={accept}
          aria-describedby={describedBy}
          onChange={(event) => {
            const file = event.target.files?.[0];
            // The same file may be chosen again after a change of it.
            event.target.value = "";
            if (file === undefined) return;
            setName(file.name);
            take(file);
          }}
        />
        <label htmlFor={id} className="button button-plain" aria-hidden="true">
          {t("file.choose")}
        </label>{" "}
        <span className="soft">{name ?? t("file.none")}</span>
      </span>
    </div>
  );
}
