/** Imports the customer's list: first what it would do in numbers, with the columns as they were understood. */
import { useId, useState, type ReactNode } from "react";
import { api, ApiError } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Banner, ErrorBox, Loading } from "@yagura/portal/parts/notice.tsx";
import { Facts } from "@yagura/portal/parts/page.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../../wire/api.ts";
import { registerFields, type RegisterField, type RegisterImport } from "../../wire/api-register.ts";
import { useRefresh } from "../queries.ts";
import { decodeText } from "./decode-text.ts";
import { FileChoice } from "../parts/file-choice.tsx";
import { registerWords } from "./words.ts";

/** Bytes of a list. */
const LIMIT = 5_000_000;
type Columns = Readonly<Partial<Record<RegisterField, string>>>;

interface ImportDialogProps {
  readonly site: Site;
  readonly close: () => void;
}
export function ImportDialog({ site, close }: ImportDialogProps): ReactNode {
  const t = useWords(registerWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  const [csv, setCsv] = useState<string | null>(null);
  const [plan, setPlan] = useState<RegisterImport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (text: string, columns: Columns | null, dryRun: boolean): Promise<RegisterImport | null> => {
    setBusy(true);
    setError(null);
    try {
      return await api.post<RegisterImport>(here.api("/ot/register/imports"), {
        siteId: site.id,
        csv: text,
        dryRun,
        ...(columns === null ? {} : { columns }),
      });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const take = async (file: File): Promise<void> => {
    setPlan(null);
    setCsv(null);
    setProblem(null);
    if (file.size === 0) return setProblem(t("emptyFile"));
    if (file.size > LIMIT) return setProblem(t("tooLarge"));
    const text = decodeText(new Uint8Array(await file.arrayBuffer()));
    if (text === null) return setProblem(t("notText"));
    setCsv(text);
    setPlan(await send(text, null, true));
  };
  const choose = async (columns: Columns): Promise<void> => {
    if (csv === null) return;
    const next = await send(csv, columns, true);
    if (next !== null) setPlan(next);
  };
  const run = async (): Promise<void> => {
    if (csv === null || plan === null || (await send(csv, plan.columns, false)) === null) return;
    refresh([here.api("/ot/register"), here.api("/ot/assets")]);
    close();
  };
  return (
    <Dialog title={t("import")} close={close} wide>
      {site.tokens === null ? null : <Banner>{t("tokens")}</Banner>}
      <FileField take={(file) => void take(file)} problem={problem} />
      {error === null ? null : <ErrorBox error={error} />}
      {plan === null && busy ? <Loading rows={4} /> : null}
      {plan === null ? null : (
        <>
          <Plan plan={plan} choose={(columns) => void choose(columns)} busy={busy} />
          <p className="soft">{t("replace")}</p>
          <div className="dialog-actions">
            <Button kind="primary" busy={busy} disabled={plan.rows === 0} onClick={() => void run()}>
              {t("run", { n: format.number(plan.rows) })}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

interface FileFieldProps {
  readonly take: (file: File) => void;
  readonly problem: string | null;
}
function FileField({ take, problem }: FileFieldProps): ReactNode {
  const t = useWords(registerWords);
  const id = useId();
  return (
    <div className={problem === null ? "field" : "field field-bad"}>
      <FileChoice label={t("file")} accept=".csv,.tsv,.txt,text/csv" take={take} describedBy={`${id}-error`} />
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {problem}
      </p>
    </div>
  );
}

interface PlanProps {
  readonly plan: RegisterImport;
  readonly choose: (columns: Columns) => void;
  readonly busy: boolean;
}
function Plan({ plan, choose, busy }: PlanProps): ReactNode {
  const t = useWords(registerWords);
  const format = useFormat();
  const figure = (name: string, n: number) => ({ name, value: format.number(n) });
  return (
    <section aria-label={t("dryRun")} className="ot-plan">
      <h3>{t("dryRun")}</h3>
      <Facts
        wide
        facts={[
          figure(t("rows"), plan.rows),
          figure(t("added"), plan.added),
          figure(t("changed"), plan.changed),
          figure(t("removed"), plan.removed),
          figure(t("matchedCount"), plan.matched),
          figure(t("unseenCount"), plan.unseen),
          figure(t("unregisteredCount"), plan.unregistered),
        ]}
      />
      <ColumnChoice plan={plan} choose={choose} busy={busy} />
      {plan.refused.length === 0 ? null : (
        <details className="ot-refused">
          <summary>{t("refused", { n: format.number(plan.refused.length) })}</summary>
          <ul>
            {plan.refused.map(({ line, reason }) => (
              <li key={line}>
                {t("line", {
                  n: format.number(line),
                  reason: reason.startsWith("no number") ? t("reasonIdentity") : reason,
                })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function ColumnChoice({ plan, choose, busy }: PlanProps): ReactNode {
  const t = useWords(registerWords);
  const id = useId();
  const columns = plan.columns as Columns;
  return (
    <fieldset className="field" disabled={busy}>
      <legend>{t("columns")}</legend>
      <p className="field-hint">{t("columnsHint")}</p>
      <div className="ot-columns">
        {registerFields.map((field) => (
          <div key={field} className="ot-column">
            <label htmlFor={`${id}${field}`}>{t(`field.${field}`)}</label>
            <select
              id={`${id}${field}`}
              className="input"
              value={columns[field] ?? ""}
              onChange={(event) => {
                const { [field]: _, ...others } = columns;
                const header = event.target.value;
                choose(header === "" ? others : { ...others, [field]: header });
              }}
            >
              <option value="">{t("noColumn")}</option>
              {plan.headers
                .filter((header, i) => header !== "" && plan.headers.indexOf(header) === i)
                .map((header) => (
                  <option key={header} value={header}>
                    {header}
                  </option>
                ))}
            </select>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
