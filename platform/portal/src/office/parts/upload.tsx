/** Files handed in as evidence: kept with their hash, named where they are used. */
import { useId, useState, type ReactNode } from "react";
import type { Evidence } from "@yagura/commerce/applications/shapes.ts";
import { api, type ApiError } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ErrorBox } from "../../parts/notice.tsx";
import { partWords } from "../words/parts.ts";
import "../office.css";

/** Bytes that one file may have. */
const EVIDENCE_LIMIT = 10_485_760;

interface Props {
  /** API path of the organisation's evidence. */
  readonly path: string;
  readonly label: string;
  readonly files: readonly Evidence[];
  readonly change: (files: readonly Evidence[]) => void;
}
/** Sends each file as it is chosen; the list shows what was taken. */
export function EvidenceField({ path, label, files, change }: Props): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File): Promise<void> => {
    setError(null);
    setProblem(null);
    if (file.size === 0) return setProblem(t("file.empty"));
    if (file.size > EVIDENCE_LIMIT) {
      return setProblem(t("file.large", { size: format.bytes(file.size), limit: format.bytes(EVIDENCE_LIMIT) }));
    }
    setBusy(true);
    try {
      change([...files, await api.upload<Evidence>(path, file, { name: file.name.slice(-200) })]);
    } catch (cause) {
      setError(cause as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="file-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        className="input"
        disabled={busy}
        aria-describedby={`${id}-hint ${id}-error`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after a refusal.
          event.target.value = "";
          if (file !== undefined) void take(file);
        }}
      />
      <span id={`${id}-hint`} className="field-hint">
        {t("file.limit", { size: format.bytes(EVIDENCE_LIMIT) })}
      </span>
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {problem}
      </p>
      {error === null ? null : <ErrorBox error={error} />}
      {files.length === 0 ? null : (
        <ul className="row-list">
          {files.map((file) => (
            <li key={file.id}>
              <span className="row-main">{file.name}</span>
              <span className="soft small">{format.bytes(file.size)}</span>
              <Button kind="quiet" onClick={() => change(files.filter((each) => each.id !== file.id))}>
                {t("file.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A file's bytes in base64, by chunks: a spread over ten megabytes would overflow the stack. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(""));
}
