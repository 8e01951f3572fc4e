/** Sessions with their last hour: the columns that the overview and an agent's page share, in an order that does not jump. */
import { useMemo, useRef } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import type { Column } from "@yagura/portal/parts/table.tsx";
import type { Score, SessionHealth } from "../wire/api.ts";
import { settled, type Ranked } from "./order.ts";
import { scoreText } from "./session/summary.tsx";
import { Spark } from "./spark.tsx";
import { tellProbe, tellReasons } from "./tell.ts";
import { words } from "./words.ts";
import { overviewWords } from "./words-overview.ts";

export interface Placed<T> {
  readonly row: T;
  /** In the settled order: sorts the column of states. */
  readonly place: number;
}

/** Rows with their places, worst first, kept in place while their states stay. */
export function useSettled<T>(rows: readonly T[], rank: (row: T) => Ranked): readonly Placed<T>[] {
  const before = useRef<readonly Ranked[]>([]);
  return useMemo(() => {
    const order = settled(rows.map(rank), before.current);
    before.current = order;
    const places = new Map(order.map((ranked, index) => [ranked.id, index]));
    return rows.map((row) => ({ row, place: places.get(rank(row).id) ?? 0 })).sort((a, b) => a.place - b.place);
    // The rank is a pure reading of the row.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows]);
}
export const rankOf = (id: string, score: Score): Ranked => ({ id, state: score.state, value: score.value });

/** Three digits after the point below 10 ms, where microseconds are told apart; one unit for the column. */
const milliseconds = (us: number | null): string => {
  if (us === null) return "–";
  return (us / 1000).toFixed(us < 10_000 ? 3 : us < 1_000_000 ? 2 : 0);
};
const rounded = (us: number | null): number | null => (us === null ? null : Math.round(us) / 1000);

export function useHealthColumns(options: {
  readonly tenantName: (id: string) => string;
  readonly agent?: boolean;
}): readonly Column<Placed<SessionHealth>>[] {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const format = useFormat();
  const { tenantName, agent = true } = options;
  return useMemo(
    (): readonly Column<Placed<SessionHealth>>[] => [
      {
        id: "state",
        head: t("state"),
        text: ({ row }) => row.score.value ?? row.score.state,
        sort: ({ place }) => place,
        cell: ({ row }) => <StateMark state={row.score.state} label={scoreText(row.score, format.number)} />,
        width: "5.5rem",
      },
      ...(agent
        ? [
            {
              id: "agent",
              head: t("agent"),
              text: ({ row }: Placed<SessionHealth>) => row.session.agentLabel,
              cell: ({ row }: Placed<SessionHealth>) => row.session.agentLabel,
            },
          ]
        : []),
      {
        id: "target",
        head: t("target"),
        text: ({ row }) => row.session.targetName,
        cell: ({ row }) => row.session.targetName,
      },
      {
        id: "why",
        head: t("why"),
        text: ({ row }) => tellReasons(row.score, t, format),
        cell: ({ row }) => (
          <span title={tellReasons(row.score, t, format)}>{tellReasons(row.score, t, format, 2)}</span>
        ),
        width: "22%",
      },
      {
        id: "spark",
        head: t("lastHour"),
        text: () => null,
        cell: ({ row }) => <Spark values={row.spark} label={sparkLabel(row.spark)} />,
        width: "8.5rem",
      },
      number("p50", o("head.p50"), (row) => row.p50Us),
      number("p95", o("head.p95"), (row) => row.p95Us),
      {
        id: "loss",
        head: o("head.loss"),
        align: "end",
        descending: true,
        text: ({ row }) => row.loss,
        cell: ({ row }) => format.percent(row.loss),
        width: "5rem",
      },
      number("jitter", o("head.jitter"), (row) => row.jitterUs),
      {
        id: "mos",
        head: t("mos"),
        align: "end",
        text: ({ row }) => row.mos,
        cell: ({ row }) => (row.mos === null ? "–" : row.mos.toFixed(2)),
        width: "4rem",
      },
      {
        id: "probe",
        head: t("rtt"),
        text: ({ row }) => tellProbe(row.session.probe),
        cell: ({ row }) => tellProbe(row.session.probe),
        hidden: true,
      },
      {
        id: "tenant",
        head: t("tenant"),
        text: ({ row }) => tenantName(row.session.tenantId),
        cell: ({ row }) => tenantName(row.session.tenantId),
        hidden: true,
      },
      {
        id: "last",
        head: t("lastSample"),
        text: ({ row }) => row.lastAt,
        cell: ({ row }) => <When at={row.lastAt} ago />,
        hidden: true,
        width: "8rem",
      },
    ],
    // The functions inside depend on these only.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t, o, format, tenantName, agent],
  );

  function number(id: string, head: string, of: (row: SessionHealth) => number | null): Column<Placed<SessionHealth>> {
    return {
      id,
      head,
      align: "end",
      descending: true,
      text: ({ row }) => rounded(of(row)),
      cell: ({ row }) => milliseconds(of(row)),
      width: "6rem",
    };
  }
  function sparkLabel(values: SessionHealth["spark"]): string {
    const last = values.findLast((value) => value !== null);
    return last === undefined || last === null ? o("spark.none") : o("spark.label", { last: format.duration(last) });
  }
}
