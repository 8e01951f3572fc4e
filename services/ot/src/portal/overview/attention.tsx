/** What needs somebody, the worst first, each with the way to it. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Overview } from "../../wire/api.ts";
import { sensorMarks } from "../sensors/marks.ts";
import { sensorWords } from "../sensors/words.ts";
import { overviewWords } from "./words.ts";

export interface OfOverview {
  readonly overview: Overview;
  readonly site: string;
}
interface Matter {
  readonly id: string;
  readonly state: State;
  readonly text: string;
  readonly href: string;
}
function useMatters({ overview, site }: OfOverview): readonly Matter[] {
  const t = useWords(overviewWords);
  const s = useWords(sensorWords);
  const format = useFormat();
  const here = useOrganisation();
  const { open, sensors, assets } = overview;
  const found = (severity: "critical" | "bad" | "notice"): Matter[] =>
    open[severity] === 0
      ? []
      : [
          {
            id: severity,
            state: severity === "notice" ? "notice" : "bad",
            text: t(`open.${severity}`, { n: format.number(open[severity]) }),
            href: here.path(`ot/findings?site=${site}&severity=${severity}`),
          },
        ];
  const counted = (id: "new.devices" | "conflicts", n: number, show: string): Matter[] =>
    n === 0
      ? []
      : [
          {
            id,
            state: "notice",
            text: t(id, { n: format.number(n) }),
            href: here.path(`ot/assets?site=${site}&show=${show}`),
          },
        ];
  const deaf = sensors.flatMap((sensor): Matter[] => {
    const { id, label, state, quality } = sensor;
    const href = here.path(`ot/sensors/${id}`);
    const mark = sensorMarks[state].state;
    if (mark === "bad")
      return [{ id, state: "bad", text: t("sensor.trouble", { label, state: s(`state.${state}`) }), href }];
    if (quality === "bad" || quality === "notice")
      return [{ id, state: quality, text: t("sensor.quality", { label }), href }];
    return [];
  });
  const all = [
    ...found("critical"),
    ...found("bad"),
    ...deaf,
    ...found("notice"),
    ...counted("new.devices", assets.appeared, "new"),
    ...counted("conflicts", assets.conflicts, "conflicts"),
  ];
  return all.toSorted((a, b) => Number(b.state === "bad") - Number(a.state === "bad"));
}

export function Attention(of: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const matters = useMatters(of);
  return (
    <section className="ot-attention" aria-label={t("attention")}>
      {matters.length === 0 ? (
        <>
          <p className="ot-answer">
            <StateMark state="good" label={t("well")} />
          </p>
          <p className="soft">{t("wellText")}</p>
        </>
      ) : (
        <ul className="ot-matters">
          {matters.map(({ id, state, text, href }) => (
            <li key={id}>
              <Link href={href}>
                <StateMark state={state} label={text} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
