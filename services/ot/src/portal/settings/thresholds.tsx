/** Thresholds by group, each with its default, its unit and its bounds. */
import { useId, type ReactNode } from "react";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Section } from "@yagura/portal/parts/page.tsx";
import type { Threshold } from "../../wire/api-rules.ts";
import { keyOf, partOfDay, readThreshold, shownValue } from "./draft.ts";
import type { PartProps } from "./part.ts";
import { thresholdWords, unitOf } from "./threshold-words.ts";
import { settingWords } from "./words.ts";

const groups = ["learning", "volume", "cycle", "scan", "malformed", "capture", "general"] as const;

export function Thresholds({ settings, draft, set, may }: PartProps): ReactNode {
  const t = useWords(settingWords);
  const put = (key: string, value: string): void =>
    set({ ...draft, thresholds: { ...draft.thresholds, [key]: value } });
  return (
    <>
      {groups.map((group) => (
        <Section key={group} title={t(`group.${group}`)}>
          <div className="ot-thresholds">
            {settings.thresholds
              .filter((one) => one.group === group)
              .map((one) => (
                <Field
                  key={keyOf(one)}
                  threshold={one}
                  value={draft.thresholds[keyOf(one)] ?? ""}
                  set={(value) => put(keyOf(one), value)}
                  may={may}
                />
              ))}
          </div>
        </Section>
      ))}
    </>
  );
}

interface FieldProps {
  readonly threshold: Threshold;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly may: boolean;
}
function Field({ threshold, value, set, may }: FieldProps): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const { language } = useLanguage();
  const id = useId();
  const unit = unitOf(threshold.unit)[language];
  const said = thresholdWords[keyOf(threshold)];
  const [standard, least, most] = [threshold.default, threshold.minimum, threshold.maximum].map((one) =>
    shownValue(one, threshold.unit),
  ) as [number, number, number];
  const bounds = { least: format.number(least, 2), most: format.number(most, 2) };
  const bad = readThreshold(value, threshold) === null;
  const part = partOfDay(value, threshold.unit);
  return (
    <div className={bad ? "field field-bad" : "field"}>
      <label htmlFor={id}>{said?.name[language] ?? keyOf(threshold)}</label>
      <div className="input-unit">
        <input
          id={id}
          className="input input-number"
          type="number"
          step="any"
          value={value}
          disabled={!may}
          aria-invalid={bad}
          aria-describedby={`${id}-hint ${id}-error`}
          onChange={(event) => set(event.target.value)}
        />
        <span className="soft">
          {unit}
          {part === null ? null : ` (${format.span(part)})`}
        </span>
        {may && value !== String(standard) ? (
          <Button kind="quiet" onClick={() => set(String(standard))}>
            {t("toStandard")}
          </Button>
        ) : null}
      </div>
      <div className="field-below">
        <span id={`${id}-hint`} className="field-hint">
          {said?.hint[language]} {t("standard", { value: format.number(standard, 2), unit, ...bounds })}
        </span>
      </div>
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {bad ? t("outside", bounds) : ""}
      </p>
    </div>
  );
}
