/** What is not saved yet, and what can be done with it. Stays in sight. */
import { useState, type ReactNode } from "react";
import type { ApiError } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { Choice } from "../parts/choice.tsx";
import { settingWords } from "./words.ts";

const days = ["1", "7", "14", "30", "90"] as const;

interface DraftBarProps {
  readonly count: number;
  readonly valid: boolean;
  readonly error: ApiError | null;
  readonly busy: "save" | "try" | null;
  readonly save: () => void;
  readonly attempt: (days: number) => void;
  readonly discard: () => void;
}
export function DraftBar({ count, valid, error, busy, save, attempt, discard }: DraftBarProps): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const [span, setSpan] = useState<(typeof days)[number]>("7");
  const idle = count === 0 || !valid;
  return (
    <div className={count > 0 ? "ot-draft ot-draft-live" : "ot-draft"}>
      {error === null ? null : <ErrorBox error={error} />}
      <div className="ot-draft-row">
        <span role="status">{count === 0 ? t("same") : t("pending", { n: format.number(count) })}</span>
        <span className="spread" />
        <Choice label={t("days")} value={span} set={setSpan} options={days} say={(n) => t("daysOf", { n })} />
        <Button disabled={idle} busy={busy === "try"} onClick={() => attempt(Number(span))}>
          {t("try")}
        </Button>
        <Button disabled={count === 0} onClick={discard}>
          {t("discard")}
        </Button>
        <Button kind="primary" disabled={idle} busy={busy === "save"} onClick={save}>
          {t("save")}
        </Button>
      </div>
    </div>
  );
}
