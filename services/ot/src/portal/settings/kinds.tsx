/** Every kind of finding, on or off. */
import type { ReactNode } from "react";
import { useLanguage, useWords } from "@yagura/portal/language.tsx";
import { kindName } from "../findings/kinds.ts";
import type { PartProps } from "./part.ts";
import { settingWords } from "./words.ts";

export function Kinds({ settings, draft, set, may }: PartProps): ReactNode {
  const t = useWords(settingWords);
  const { language } = useLanguage();
  const put = (kind: string, on: boolean): void =>
    set({ ...draft, off: on ? draft.off.filter((one) => one !== kind) : [...draft.off, kind] });
  return (
    <fieldset className="field ot-kinds" disabled={!may}>
      <legend>{t("kind")}</legend>
      <p className="field-hint">{t("kindsLead")}</p>
      <div className="check-grid">
        {settings.kinds.map(({ kind }) => (
          <label key={kind} className="check">
            <input
              type="checkbox"
              checked={!draft.off.includes(kind)}
              onChange={(event) => put(kind, event.target.checked)}
            />
            <span>{kindName(kind, language)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
