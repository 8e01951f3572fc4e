/** How far the learning of a site is, and which devices still bring news (OT-27). */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { agoColumn, countColumn, stateColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Learning } from "../../wire/api-rules.ts";
import { assetColumn } from "../parts/asset-link.tsx";
import { Bars } from "../parts/bars.tsx";
import { Sited } from "../parts/sited.tsx";
import { useGet, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { learningWords } from "./words.ts";
import "../ot.css";

type Restless = Learning["restless"][number];
type Ask = { readonly device: Restless["asset"] | null };

export function Page(): ReactNode {
  const t = useWords(learningWords);
  const w = useWords(words);
  const here = useOrganisation();
  const [asking, setAsking] = useState<Ask | null>(null);
  return (
    <Sited
      title={w("nav.learning")}
      lead={t("lead")}
      renderActions={() =>
        here.can("ot.write") ? <Button onClick={() => setAsking({ device: null })}>{t("restart.all")}</Button> : null
      }
    >
      {({ id, assets }) => (
        <>
          <OfSite site={id} ask={setAsking} />
          {asking === null ? null : (
            <Restart site={id} total={assets} device={asking.device} close={() => setAsking(null)} />
          )}
        </>
      )}
    </Sited>
  );
}

interface OfSiteProps {
  readonly site: string;
  readonly ask: (ask: Ask) => void;
}
function OfSite({ site, ask }: OfSiteProps): ReactNode {
  const t = useWords(learningWords);
  const here = useOrganisation();
  const path = here.api("/ot/learning");
  useLive(["ot.assets"], { refresh: [path], gather: 5_000 });
  return (
    <Loaded query={useGet<Learning>(path, { site }, { every: 60_000 })} rows={10}>
      {(learning) =>
        learning.startedAt === null ? (
          <Empty title={t("none")}>{t("noneText")}</Empty>
        ) : (
          <Shown learning={learning} ask={ask} />
        )
      }
    </Loaded>
  );
}

function Shown({ learning, ask }: Pick<OfSiteProps, "ask"> & { readonly learning: Learning }): ReactNode {
  const t = useWords(learningWords);
  const format = useFormat();
  const { assets, days, items, startedAt } = learning;
  return (
    <>
      <Facts
        wide
        facts={[
          { name: t("started"), value: <When at={startedAt} /> },
          ...(["learning", "watching", "noisy"] as const).map((state) => ({
            name: t(state),
            value: format.number(assets[state]),
          })),
          { name: t("items"), value: format.number(items) },
        ]}
      />
      <Section title={t("days")} lead={t("daysLead")}>
        <Bars
          caption={t("days")}
          heads={[t("day"), t("new")]}
          bars={days.map(({ day, items: count }) => ({
            id: day,
            name: day.slice(8),
            label: `${format.day(day)}: ${format.number(count)}`,
            parts: [{ name: "items", count }],
          }))}
        />
      </Section>
      <RestlessTable rows={learning.restless} ask={ask} />
    </>
  );
}

const marks = { noisy: "notice", learning: "unknown", watching: "good" } as const;
const order = { noisy: 0, learning: 1, watching: 2 } as const;

function RestlessTable({ rows, ask }: Pick<OfSiteProps, "ask"> & { readonly rows: readonly Restless[] }): ReactNode {
  const t = useWords(learningWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const settle = async (id: string): Promise<void> => {
    await api.post(here.api(`/ot/assets/${id}/learning`), { state: "watching" });
    refresh([here.api("/ot/learning"), here.api("/ot/assets"), here.api("/ot/overview")]);
  };
  return (
    <Section title={t("restless")}>
      <DataTable<Restless>
        id="ot-restless"
        label={t("restless")}
        rows={rows}
        rowKey={(row) => row.asset.id}
        rowName={(row) => row.asset.name}
        rowHref={(row) => here.path(`ot/assets/${row.asset.id}`)}
        sort="-new"
        empty={<Empty title={t("restless.none")} />}
        rowActions={(row) =>
          here.can("ot.write")
            ? [
                { label: t("restart"), run: () => ask({ device: row.asset }) },
                ...(row.state === "learning" ? [{ label: t("settle"), run: () => void settle(row.asset.id) }] : []),
              ]
            : []
        }
        columns={[
          assetColumn("device", t("device"), (row) => row.asset, { fill: true }),
          stateColumn("state", t("state"), ({ state }) => ({
            state: marks[state],
            label: t(state),
            order: order[state],
          })),
          countColumn("new", t("newItems"), (row) => row.newItems),
          agoColumn("since", t("since"), (row) => row.since),
        ]}
      />
    </Section>
  );
}

interface RestartProps {
  readonly site: string;
  readonly total: number;
  readonly device: Restless["asset"] | null;
  readonly close: () => void;
}
function Restart({ site, total, device, close }: RestartProps): ReactNode {
  const t = useWords(learningWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t(device === null ? "restart.all" : "restart")}
      consequences={[
        device === null ? t("restart.allText", { n: format.number(total) }) : t("restart.one", { name: device.name }),
      ]}
      action={t("restart")}
      close={close}
      run={async () => {
        await api.post(here.api("/ot/learning/restart"), {
          siteId: site,
          assetIds: device === null ? [] : [device.id],
        });
        refresh([here.api("/ot/learning"), here.api("/ot/assets"), here.api("/ot/overview")]);
      }}
    />
  );
}
