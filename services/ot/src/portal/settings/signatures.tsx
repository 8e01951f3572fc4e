/** Signatures in Suricata's rule language: pasted or read from a file, with the lines that cannot be used and why. */
import { useId, useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Signatures as SignatureDocument } from "../../wire/api-rules.ts";
import { useChange, useGet } from "../queries.ts";
import { settingWords } from "./words.ts";

/** Characters that the server takes. */
const LIMIT = 2_000_000;

export function Signatures({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/signatures");
  return (
    <Loaded query={useGet<SignatureDocument>(path, { site })} rows={6}>
      {(document) => <Editor document={document} path={path} />}
    </Loaded>
  );
}

interface EditorProps {
  readonly document: SignatureDocument;
  readonly path: string;
}
function Editor({ document, path }: EditorProps): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const here = useOrganisation();
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? document.text;
  const save = useChange(
    (wanted: string) => api.put<SignatureDocument>(path, { siteId: document.siteId, text: wanted }),
    { refresh: [path], done: () => setText(null) },
  );
  const may = here.can("ot.write");
  const long = shown.length > LIMIT;
  return (
    <>
      <p className="soft">{t("signaturesLead")}</p>
      <p>
        {document.rules === 0
          ? t("noRules")
          : t("rules", { n: format.number(Math.max(0, document.rules - document.refused.length)) })}
      </p>
      <Refused rows={document.refused} />
      <div className={long ? "field field-bad" : "field"}>
        <label htmlFor={id}>{t("text")}</label>
        <textarea
          id={id}
          className="input mono ot-rules"
          rows={14}
          spellCheck={false}
          disabled={!may}
          value={shown}
          aria-invalid={long}
          onChange={(event) => setText(event.target.value)}
        />
        <p className="field-error" aria-live="polite">
          {long ? t("tooLong") : ""}
        </p>
      </div>
      {may ? (
        <div className="ot-draft-row">
          <label className="ot-choice">
            <span>{t("file")}</span>
            <input
              type="file"
              className="input"
              accept=".rules,.txt"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file !== undefined) void file.text().then(setText);
              }}
            />
          </label>
          <span className="spread" />
          <Button disabled={text === null} onClick={() => setText(null)}>
            {t("discard")}
          </Button>
          <Button
            kind="primary"
            disabled={text === null || text === document.text || long}
            busy={save.isPending}
            onClick={() => save.mutate(shown)}
          >
            {t("save")}
          </Button>
        </div>
      ) : null}
      {save.error === null ? null : <ErrorBox error={save.error} />}
    </>
  );
}

function Refused({ rows }: { readonly rows: SignatureDocument["refused"] }): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <details className="ot-refused" open>
      <summary>{t("refused", { n: format.number(rows.length) })}</summary>
      <ul>
        {rows.map(({ line, reason }) => (
          <li key={line}>{t("line", { n: format.number(line), reason })}</li>
        ))}
      </ul>
    </details>
  );
}
