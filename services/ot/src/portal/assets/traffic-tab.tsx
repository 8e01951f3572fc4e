/** How much a device sends and gets: by hour, or by day for longer times. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import type { TrafficSeries } from "../../wire/api-assets.ts";
import { Bars } from "../parts/bars.tsx";
import { useSpan } from "../parts/choice.tsx";
import { useGet } from "../queries.ts";
import { assetWords } from "./words.ts";

const HOUR = 3_600;
const measures = ["bytes", "packets", "commands"] as const;

export function TrafficTab({ path }: { readonly path: string }): ReactNode {
  const { from, control } = useSpan();
  return (
    <>
      <div className="ot-tools">{control}</div>
      <Loaded query={useGet<TrafficSeries>(`${path}/traffic`, { from }, { keep: true })} rows={8}>
        {(series) => <Series series={series} />}
      </Loaded>
    </>
  );
}

/** Slots that are drawn at most. */
const MOST = 400;
/** Every hour or day of the time, also those in which nothing was seen: a gap is a gap. */
function slotsOf({ at, span, step }: TrafficSeries): number[] {
  const [first, end] = [at[0] ?? 0, Date.parse(span.to) / 1000];
  const begin = Date.parse(span.from) / 1000;
  // The slots that are there say where the others lie: days begin at midnight of a zone.
  const start = first - Math.max(0, Math.floor((first - begin) / step)) * step;
  const count = Math.min(MOST, Math.max(0, Math.ceil((end - start) / step)));
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function Series({ series }: { readonly series: TrafficSeries }): ReactNode {
  const t = useWords(assetWords);
  const format = useFormat();
  const { step } = series;
  const at = slotsOf(series);
  const index = new Map(series.at.map((seconds, i) => [seconds, i]));
  const daily = step > HOUR;
  const when = (seconds: number): string => (daily ? format.date(seconds * 1000) : format.instant(seconds * 1000));
  const axis = (seconds: number): string =>
    daily
      ? (/(\d+)日?(?:\(|$)/.exec(format.date(seconds * 1000))?.[1] ?? "")
      : format.time(seconds * 1000, "minute").slice(0, 2);
  const partsAt = (measure: (typeof measures)[number], seconds: number) => {
    const i = index.get(seconds) ?? -1;
    return measure === "commands"
      ? [{ name: "items", count: series.commands[i] ?? 0 }]
      : [
          { name: "items", count: series[`${measure}In`][i] ?? 0 },
          { name: "out", count: series[`${measure}Out`][i] ?? 0 },
        ];
  };
  if (series.at.length === 0) return <Empty title={t("noPeers")} />;
  return measures.map((measure) => {
    const say = measure === "bytes" ? format.bytes : format.number;
    const sided = measure !== "commands";
    return (
      <section key={measure} aria-label={t(`traffic.${measure}`)}>
        <h2 className="ot-card-sub">
          {t(`traffic.${measure}`)}
          {sided ? (
            <span className="ot-key">
              <span className="ot-swatch ot-day-items" aria-hidden="true" /> {t("traffic.in")}
              <span className="ot-swatch ot-day-out" aria-hidden="true" /> {t("traffic.out")}
            </span>
          ) : null}
        </h2>
        <Bars
          caption={t(`traffic.${measure}`)}
          heads={[t("traffic.when"), ...(sided ? [t("traffic.in"), t("traffic.out")] : [t("count")])]}
          say={say}
          bars={at.map((seconds) => {
            const parts = partsAt(measure, seconds);
            return {
              id: String(seconds),
              name: axis(seconds),
              label: `${when(seconds)}: ${parts.map(({ count }) => say(count)).join(" / ")}`,
              parts,
            };
          })}
        />
      </section>
    );
  });
}
