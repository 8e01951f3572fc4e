/** Handing in a capture file: chosen or dropped, checked before it is sent, with its progress. */
import { useRef, useState, type ReactNode } from "react";
import { ApiError } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { useMe } from "@yagura/portal/session.tsx";
import type { CaptureUpload } from "../../wire/api-register.ts";
import { useRefresh } from "../queries.ts";
import { sendCapture } from "./send.ts";
import { captureWords } from "./words.ts";

/** Bytes that the server takes. */
const LIMIT = 128 * 1024 * 1024;

interface UploadProps {
  readonly path: string;
  /** The site whose own protocols are read as well. */
  readonly site?: string | undefined;
  readonly done: (made: CaptureUpload) => void;
}
interface Going {
  readonly name: string;
  readonly share: number;
  readonly stop: () => void;
}
function useUpload({ path, site, done }: UploadProps) {
  const t = useWords(captureWords);
  const format = useFormat();
  const { language } = useLanguage();
  const { csrf } = useMe();
  const refresh = useRefresh();
  const [going, setGoing] = useState<Going | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const take = async (file: File): Promise<void> => {
    setError(null);
    setProblem(null);
    if (file.size === 0) return setProblem(t("empty"));
    if (file.size > LIMIT) {
      return setProblem(t("tooLarge", { size: format.bytes(file.size), limit: format.bytes(LIMIT) }));
    }
    const stopping = new AbortController();
    const shown = (share: number): void => setGoing({ name: file.name, share, stop: () => stopping.abort() });
    shown(0);
    try {
      const made = await sendCapture({ path, site, file, csrf, language, signal: stopping.signal, progress: shown });
      refresh([path]);
      if (made !== null) done(made);
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    } finally {
      setGoing(null);
    }
  };
  return { going, problem, error, take: (file: File | undefined) => void (file === undefined ? null : take(file)) };
}

export function Upload(props: UploadProps): ReactNode {
  const t = useWords(captureWords);
  const { going, problem, error, take } = useUpload(props);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div
      className="ot-drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={t("upload")}
        accept=".pcap,.pcapng,.cap,.gz,.zst"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after a refusal.
          event.target.value = "";
          take(file);
        }}
      />
      {going === null ? (
        <>
          <Button kind="primary" onClick={() => input.current?.click()}>
            {t("upload")}
          </Button>{" "}
          <span className="soft">{t("drop")}</span>
        </>
      ) : (
        <Progress going={going} />
      )}
      <p className="soft small">{t("kept")}</p>
      <p className="field-error" aria-live="polite">
        {problem}
      </p>
      {error === null ? null : <ErrorBox error={error} />}
    </div>
  );
}

function Progress({ going }: { readonly going: Going }): ReactNode {
  const t = useWords(captureWords);
  const format = useFormat();
  const label = t("sending", { name: going.name });
  return (
    <div className="ot-progress">
      <span>
        {label} <span className="figures">{format.percent(Math.floor(going.share * 100) / 100)}</span>
      </span>
      <progress value={going.share} max={1} aria-label={label} />
      <Button kind="quiet" onClick={going.stop}>
        {t("stop")}
      </Button>
    </div>
  );
}
