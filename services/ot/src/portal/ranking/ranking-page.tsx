/** Who and what has the most traffic, commands or errors (OT-13). */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { bytesColumn, countColumn, figures, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import { measures, rankings, type Ranking } from "../../wire/api-traffic.ts";
import { assetColumn } from "../parts/asset-link.tsx";
import { SparkBars } from "../parts/bars.tsx";
import { Choice, useSpan } from "../parts/choice.tsx";
import { useProtocolTitle } from "../parts/protocol.ts";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { words } from "../words.ts";
import { rankingWords } from "./words.ts";
import "../ot.css";

type Row = Ranking["rows"][number] & { readonly rank: number };
/** Rows that are asked for. */
const LIMIT = 100;

export function Page(): ReactNode {
  const t = useWords(rankingWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.ranking")} lead={t("lead")}>
      {({ id }) => <Ranked site={id} />}
    </Sited>
  );
}

function Ranked({ site }: { readonly site: string }): ReactNode {
  const t = useWords(rankingWords);
  const here = useOrganisation();
  const { from, control } = useSpan();
  const [byText, setBy] = useUrlState("by", "assets");
  const [measureText, setMeasure] = useUrlState("measure", "bytes");
  const by = rankings.find((one) => one === byText) ?? "assets";
  const measure = measures.find((one) => one === measureText) ?? "bytes";
  const path = here.api("/ot/ranking");
  useLive(["ot.assets"], { refresh: [path], gather: 15_000 });
  const query = useGet<Ranking>(path, { site, by, measure, from, limit: LIMIT }, { keep: true });
  return (
    <>
      <div className="ot-tools">
        <Choice label={t("by")} value={by} set={setBy} options={rankings} say={(one) => t(`by.${one}`)} />
        <Choice
          label={t("measure")}
          value={measure}
          set={setMeasure}
          options={measures}
          say={(one) => t(`measure.${one}`)}
        />
        {control}
      </div>
      <Loaded query={query} rows={10}>
        {(ranking) => <Table ranking={ranking} />}
      </Loaded>
    </>
  );
}

function Table({ ranking }: { readonly ranking: Ranking }): ReactNode {
  const t = useWords(rankingWords);
  const format = useFormat();
  const here = useOrganisation();
  const columns = useColumns(ranking);
  const nameOf = useName();
  const rows = ranking.rows.map((row, i): Row => ({ ...row, rank: i + 1 }));
  return (
    <>
      <DataTable<Row>
        id={`ot-ranking-${ranking.by}-${ranking.measure}`}
        label={t(`by.${ranking.by}`)}
        rows={rows}
        rowKey={(row) => String(row.rank)}
        rowName={nameOf}
        rowHref={({ asset, protocol }) =>
          asset !== null
            ? here.path(`ot/assets/${asset.id}`)
            : protocol !== null
              ? here.path(`ot/traffic?protocol=${protocol}`)
              : null
        }
        sort="rank"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        columns={columns}
      />
      {ranking.total > ranking.rows.length ? (
        <p className="soft small">
          {t("more", { n: format.number(ranking.total), shown: format.number(ranking.rows.length) })}
        </p>
      ) : null}
    </>
  );
}

function useName(): (row: Row) => string {
  const t = useWords(rankingWords);
  const title = useProtocolTitle();
  return ({ asset, client, server, protocol, port }) =>
    asset?.name ??
    (protocol === null
      ? `${client?.name ?? t("outside")} → ${server?.name ?? t("outside")}`
      : `${title(protocol)}${port === null ? "" : ` ${port}`}`);
}

function useColumns({ by, measure }: Ranking): Column<Row>[] {
  const t = useWords(rankingWords);
  const nameOf = useName();
  const title = useProtocolTitle();
  const titleOf = ({ protocol }: Row): string | null => (protocol === null ? null : title(protocol));
  const format = useFormat();
  const say = measure === "bytes" ? format.bytes : format.number;
  const side = (id: "client" | "server"): Column<Row> => {
    const column = assetColumn<Row>(id, t(id), (row) => row[id]);
    return {
      ...column,
      text: (row) => row[id]?.name ?? t("outside"),
      cell: (row) => (row[id] === null ? t("outside") : column.cell(row)),
    };
  };
  const named: Readonly<Record<Ranking["by"], readonly Column<Row>[]>> = {
    assets: [assetColumn<Row>("device", t("device"), (row) => row.asset, { fill: true })],
    pairs: [side("client"), side("server")],
    protocols: [textColumn("protocol", t("protocol"), titleOf, { fill: true })],
    services: [
      textColumn("protocol", t("protocol"), titleOf, { fill: true }),
      textColumn("port", t("port"), (row) => (row.port === null ? null : String(row.port)), { align: "end" }),
    ],
  };
  return [
    { id: "rank", head: t("rank"), align: "end", text: (row) => row.rank, cell: (row) => row.rank },
    ...named[by],
    {
      id: "value",
      head: t(`measure.${measure}`),
      ...figures,
      text: (row) => row.value,
      cell: (row) => say(row.value),
    },
    {
      id: "share",
      head: t("share"),
      ...figures,
      text: (row) => row.share,
      cell: (row) => format.percent(row.share),
    },
    {
      id: "course",
      head: t("course"),
      text: () => null,
      cell: (row) => <SparkBars values={row.spark} label={t("courseOf", { name: nameOf(row) })} />,
    },
    ...(measure === "bytes"
      ? []
      : [bytesColumn<Row>("bytes", t("measure.bytes"), (row) => row.bytes, { hidden: true })]),
    ...(measure === "packets"
      ? []
      : [countColumn<Row>("packets", t("measure.packets"), (row) => row.packets, { hidden: true })]),
  ];
}
