/** Signatures in Suricata's rule language: pasted or read from a file, with the lines that cannot be used and why. */
import { useId, useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
// Plain: rules are written in clear, and nothing in them is opened by the customer's key.
import { useChange, useGet } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Signatures as SignatureDocument } from "../../wire/api-rules.ts";
import { sayRefusal } from "../../wire/api-refusals.ts";
import { FileChoice } from "../parts/file-choice.tsx";
import { settingWords } from "./words.ts";

/** Characters that the server takes. */
const LIMIT = 2_000_000;

export function Signatures({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/signatures");
  useLive(["ot.signatures"], { refresh: [path] });
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
      <p className="ot-rules-count">
        {document.rules === 0 && document.unused === 0
          ? t("noRules")
          : t("rules", { n: format.number(document.rules) })}
      </p>
      <Refused document={document} />
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
          <FileChoice label={t("file")} accept=".rules,.txt" take={(file) => void file.text().then(setText)} />
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

function Refused({ document: { refused, unused } }: { readonly document: SignatureDocument }): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const { language } = useLanguage();
  if (unused === 0) return null;
  return (
    <details className="ot-refused" open>
      <summary>{t("refused", { n: format.number(unused) })}</summary>
      <ul>
        {refused.map(({ line, code, parameters }) => (
          <li key={`${line} ${code}`}>
            {t("line", { n: format.number(line), reason: sayRefusal(code, parameters, language) })}
          </li>
        ))}
      </ul>
      {unused > refused.length ? (
        <p className="soft">{t("refusedMore", { n: format.number(unused - refused.length) })}</p>
      ) : null}
    </details>
  );
}
