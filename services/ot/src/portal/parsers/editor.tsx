/** A description as text, checked while it is written: each problem with its place. */
import { useId, useMemo, useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { DeclaredParser } from "../../wire/api-declared.ts";
import type { DeclaredDescription } from "../../wire/declared.ts";
import { useChange } from "../queries.ts";
import { readDraft, writeDraft, type Draft } from "./draft.ts";
import { example } from "./example.ts";
import { parserWords } from "./words.ts";

interface EditorProps {
  readonly site: string;
  /** Null: a new one, which begins with the example. */
  readonly parser: DeclaredParser | null;
  readonly path: string;
  readonly done?: (saved: DeclaredParser) => void;
  /** Told whether there is something to save. */
  readonly dirty?: (is: boolean) => void;
}
function useEditor({ site, parser, path, done, dirty }: EditorProps) {
  const { language } = useLanguage();
  const stored = parser === null ? example : writeDraft(parser.description);
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? stored;
  const draft = useMemo(() => readDraft(shown, language), [shown, language]);
  const set = (next: string | null): void => {
    setText(next);
    dirty?.(next !== null && next !== stored);
  };
  const save = useChange(
    (description: DeclaredDescription) =>
      parser === null
        ? api.post<DeclaredParser>(path, { siteId: site, description })
        : api.put<DeclaredParser>(`${path}/${parser.id}`, { description }),
    {
      refresh: [path],
      done: (saved) => {
        set(null);
        done?.(saved);
      },
    },
  );
  return { shown, draft, set, save, changed: parser === null || (text !== null && text !== stored) };
}

export function Editor(props: EditorProps): ReactNode {
  const t = useWords(parserWords);
  const here = useOrganisation();
  const id = useId();
  const { shown, draft, set, save, changed } = useEditor(props);
  const { parser } = props;
  const may = here.can("ot.write") && (parser === null || parser.endedAt === null);
  const bad = draft.description === null;
  return (
    <>
      <div className={bad ? "field field-bad" : "field"}>
        <label htmlFor={id}>{t("description")}</label>
        <p className="soft small">{t("descriptionLead")}</p>
        <textarea
          id={id}
          className="input mono ot-rules"
          rows={24}
          spellCheck={false}
          disabled={!may}
          value={shown}
          aria-invalid={bad}
          aria-describedby={`${id}-problems`}
          onChange={(event) => set(event.target.value)}
        />
        <Problems id={`${id}-problems`} draft={draft} />
      </div>
      {may ? (
        <div className="ot-draft-row">
          <FromFile set={set} />
          <span className="spread" />
          {parser?.enabled === true && changed ? <span className="soft small">{t("saveUsed")}</span> : null}
          <Button disabled={!changed || parser === null} onClick={() => set(null)}>
            {t("discard")}
          </Button>
          <Button
            kind="primary"
            disabled={!changed || bad}
            busy={save.isPending}
            onClick={() => {
              if (draft.description !== null) save.mutate(draft.description);
            }}
          >
            {t("save")}
          </Button>
        </div>
      ) : null}
      {save.error === null ? null : <ErrorBox error={save.error} />}
    </>
  );
}

function Problems({ id, draft }: { readonly id: string; readonly draft: Draft }): ReactNode {
  const t = useWords(parserWords);
  const { problems, syntax } = draft;
  return (
    <div id={id} aria-live="polite">
      {syntax === null ? null : <p className="field-error">{t("noJson", { detail: syntax })}</p>}
      {problems.length === 0 ? null : (
        <>
          <p className="field-error">{t("problems")}</p>
          <ul className="ot-problems mono small">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
      {draft.description === null ? null : <p className="soft small">{t("good")}</p>}
    </div>
  );
}

function FromFile({ set }: { readonly set: (text: string) => void }): ReactNode {
  const t = useWords(parserWords);
  return (
    <label className="ot-choice">
      <span>{t("file")}</span>
      <input
        type="file"
        className="input"
        accept=".json"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) void file.text().then(set);
        }}
      />
    </label>
  );
}
