/** Two periods side by side (OT-14). */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Banner, Loaded } from "@yagura/portal/parts/notice.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import { dayIn } from "@yagura/portal/zoned.ts";
import type { Comparison } from "../../wire/api-traffic.ts";
import { Choice } from "../parts/choice.tsx";
import { Sited } from "../parts/sited.tsx";
import { dayAfter } from "../parts/zoned-time.ts";
import { useGet } from "../queries.ts";
import { words } from "../words.ts";
import { isPreset, periodsOf, presets, spanOf, type Days, type Periods } from "./periods.ts";
import { Assets, Attributes, Commands, Conversations, Volumes } from "./sections.tsx";
import { comparisonWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(comparisonWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.comparison")} lead={t("lead")}>
      {({ id }) => <Chosen site={id} />}
    </Sited>
  );
}

function Chosen({ site }: { readonly site: string }): ReactNode {
  const t = useWords(comparisonWords);
  const { zone } = useOrganisation();
  const today = dayIn(zone);
  const [presetText, setPreset] = useUrlState("preset", "days");
  const [day, setDay] = useUrlState("day", dayAfter(today, -1));
  const preset = isPreset(presetText) ? presetText : "days";
  const free = useFree(today);
  const periods = periodsOf({ preset, today, day, free: free.periods });
  return (
    <>
      <div className="ot-tools">
        <Choice label={t("which")} value={preset} set={setPreset} options={presets} say={(one) => t(`preset.${one}`)} />
        {preset === "since" ? <DayField label={t("day")} value={day} set={setDay} /> : null}
        {preset === "free" ? free.fields : null}
      </div>
      {periods === null ? <Banner>{t("invalid")}</Banner> : <Compared site={site} periods={periods} />}
    </>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (day: string) => void;
}
const DayField = ({ label, value, set }: DayFieldProps): ReactNode => (
  <label className="ot-choice">
    <span className="soft">{label}</span>
    <input type="date" className="input" value={value} onChange={(event) => set(event.target.value)} />
  </label>
);

/** Four days in the address. */
function useFree(today: string): { readonly periods: Periods; readonly fields: ReactNode } {
  const t = useWords(comparisonWords);
  const [beforeFirst, setBeforeFirst] = useUrlState("b1", dayAfter(today, -2));
  const [beforeLast, setBeforeLast] = useUrlState("b2", dayAfter(today, -1));
  const [afterFirst, setAfterFirst] = useUrlState("a1", today);
  const [afterLast, setAfterLast] = useUrlState("a2", today);
  const [before, after] = [t("before"), t("after")];
  return {
    periods: { before: { first: beforeFirst, last: beforeLast }, after: { first: afterFirst, last: afterLast } },
    fields: (
      <>
        <DayField label={t("first", { period: before })} value={beforeFirst} set={setBeforeFirst} />
        <DayField label={t("last", { period: before })} value={beforeLast} set={setBeforeLast} />
        <DayField label={t("first", { period: after })} value={afterFirst} set={setAfterFirst} />
        <DayField label={t("last", { period: after })} value={afterLast} set={setAfterLast} />
      </>
    ),
  };
}

function Compared({ site, periods }: { readonly site: string; readonly periods: Periods }): ReactNode {
  const t = useWords(comparisonWords);
  const format = useFormat();
  const here = useOrganisation();
  // One moment for both: when the page was opened. A reload compares up to then.
  const [now] = useState(() => Date.now());
  const [before, after] = [spanOf(periods.before, here.zone, now), spanOf(periods.after, here.zone, now)];
  const query = useGet<Comparison>(
    here.api("/ot/comparison"),
    { site, beforeFrom: before?.from, beforeTo: before?.to, afterFrom: after?.from, afterTo: after?.to },
    { enabled: before !== null && after !== null, keep: true },
  );
  const days = ({ first, last }: Days): string =>
    first === last ? format.day(first) : `${format.day(first)} – ${format.day(last)}`;
  return (
    <>
      <p className="soft">
        {t("between", { before: days(periods.before), after: days(periods.after), zone: format.zoneName })}
      </p>
      <Loaded query={query} rows={12}>
        {(comparison) => (
          <>
            <Attributes of={comparison} />
            <Assets of={comparison} />
            <Commands of={comparison} />
            <Conversations of={comparison} />
            <Volumes of={comparison} />
          </>
        )}
      </Loaded>
    </>
  );
}
