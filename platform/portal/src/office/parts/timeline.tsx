/** Everything that ever happened to a contract, today, and what will happen and what it will cost. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "../../language.tsx";
import { dayIn } from "../../zoned.ts";
import { partWords } from "../words/parts.ts";
import { daysTo, layTimeline, type TimelineEvent } from "./timeline-order.ts";
import "../office.css";

export interface TimelineItem extends TimelineEvent {
  readonly title: ReactNode;
  /** Small print: who, when recorded, ground, evidence. */
  readonly detail?: ReactNode;
  /** What it costs, at the end of the line. */
  readonly cost?: ReactNode;
  readonly voided?: boolean;
}

export function Timeline({
  items,
  label,
}: {
  readonly items: readonly TimelineItem[];
  readonly label: string;
}): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const today = dayIn("Asia/Tokyo");
  const { past, coming } = layTimeline(items, today);
  if (items.length === 0) return <p className="soft">{t("line.empty")}</p>;
  return (
    <ol className="timeline" aria-label={label}>
      {coming.toReversed().map((item) => (
        <Event key={item.id} item={item} today={today} coming />
      ))}
      <li className="timeline-today">
        <span>
          {t("line.today")} <time dateTime={today}>{format.day(today)}</time>
        </span>
      </li>
      {past.map((item) => (
        <Event key={item.id} item={item} today={today} />
      ))}
    </ol>
  );
}

interface EventProps {
  readonly item: TimelineItem;
  readonly today: string;
  readonly coming?: boolean;
}
function Event({ item, today, coming = false }: EventProps): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const n = Math.abs(daysTo(today, item.on));
  const distance = n === 0 ? t("line.today") : coming ? t("line.in", { n }) : t("line.ago", { n });
  const kind = `timeline-event${coming ? " timeline-coming" : ""}${item.voided === true ? " timeline-voided" : ""}`;
  return (
    <li className={kind}>
      <span className="timeline-day">
        <time dateTime={item.on}>{format.day(item.on)}</time>
        <span className="soft small">{distance}</span>
      </span>
      <span className="timeline-what">
        <span className="timeline-title">
          {item.title}
          {item.voided === true ? <span className="tag">{t("line.voided")}</span> : null}
        </span>
        {item.detail === undefined ? null : <span className="soft small">{item.detail}</span>}
      </span>
      {item.cost === undefined ? null : <span className="timeline-cost">{item.cost}</span>}
    </li>
  );
}
