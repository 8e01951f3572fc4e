/** Devices that are or were off the network, and which sensors have the means (OT-31). */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { actorColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useRefresh } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Block, Enforcement } from "../../wire/api-enforcement.ts";
import { assetColumn } from "../parts/asset-link.tsx";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { words } from "../words.ts";
import { codeWords, enforcementWords, stateWords } from "./words.ts";
import "../ot.css";

const marks = {
  asked: "notice",
  working: "notice",
  done: "notice",
  lifting: "notice",
  undone: "good",
  refused: "unknown",
  failed: "bad",
  stuck: "bad",
} as const satisfies Record<Block["state"], string>;
const order: readonly Block["state"][] = [
  "stuck",
  "asked",
  "working",
  "done",
  "lifting",
  "failed",
  "refused",
  "undone",
];

export function Page(): ReactNode {
  const t = useWords(enforcementWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.blocks")} lead={t("lead")}>
      {({ id }) => <OfSite key={id} site={id} />}
    </Sited>
  );
}

function OfSite({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/enforcement");
  useLive(["ot.blocks"], { refresh: [path] });
  return (
    <Loaded query={useGet<Enforcement>(path, { site }, { every: 60_000, keep: true })} rows={8}>
      {(enforcement) => (
        <>
          <Blocks blocks={enforcement.blocks} path={path} />
          <Means sensors={enforcement.sensors} />
        </>
      )}
    </Loaded>
  );
}

function Blocks({ blocks, path }: { readonly blocks: readonly Block[]; readonly path: string }): ReactNode {
  const t = useWords(enforcementWords);
  const state = useWords(stateWords);
  const code = useWords(codeWords);
  const here = useOrganisation();
  const [ending, setEnding] = useState<Block | null>(null);
  const may = here.can("ot.enforce");
  const nameOf = ({ asset, mac }: Block): string => asset?.name ?? mac;
  const why = (block: Block): string =>
    block.code === "port-shared" ? code(block.code, { n: block.learned }) : code(block.code);
  return (
    <>
      <DataTable<Block>
        id="ot-blocks"
        label={t("blocks")}
        rows={blocks}
        rowKey={(row) => row.id}
        rowName={nameOf}
        sort="state"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        rowActions={(row) =>
          may && (row.state === "asked" || row.state === "working" || row.state === "done")
            ? [{ label: t("undo"), run: () => setEnding(row) }]
            : []
        }
        columns={[
          stateColumn("state", t("state"), (row) => ({
            state: marks[row.state],
            label: state(row.state),
            order: order.indexOf(row.state),
          })),
          assetColumn("device", t("device"), (row) => row.asset),
          textColumn("place", t("place"), (row) => row.place),
          textColumn("why", t("why"), why, { fill: true }),
          textColumn("reason", t("reason"), (row) => row.reason),
          whenColumn("until", t("until"), (row) => row.until),
          actorColumn("by", t("by"), (row) => row.createdBy),
          whenColumn("created", t("created"), (row) => row.createdAt, { hidden: true }),
          textColumn("mac", t("mac"), (row) => row.mac, { hidden: true }),
          textColumn("sensor", t("sensor"), (row) => row.sensor.label, { hidden: true }),
        ]}
      />
      {ending === null ? null : <End block={ending} name={nameOf(ending)} path={path} close={() => setEnding(null)} />}
    </>
  );
}

interface EndProps {
  readonly block: Block;
  readonly name: string;
  readonly path: string;
  readonly close: () => void;
}
function End({ block, name, path, close }: EndProps): ReactNode {
  const t = useWords(enforcementWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t("undo")}
      consequences={[t("undo.text", { name })]}
      action={t("undo")}
      danger={false}
      close={close}
      run={async () => {
        await api.post(here.api(`/ot/blocks/${block.id}/undo`));
        refresh([path]);
      }}
    />
  );
}

function Means({ sensors }: Pick<Enforcement, "sensors">): ReactNode {
  const t = useWords(enforcementWords);
  const said = ({ means, reportedAt }: Enforcement["sensors"][number]): string =>
    means === null ? t(reportedAt === null ? "means.unheard" : "means.none") : t("means.given", means);
  return (
    <Section title={t("means")} lead={t("means.lead")}>
      <Facts
        facts={sensors.map((sensor) => ({
          name: sensor.label,
          value: said(sensor),
          ...((sensor.means?.unencrypted ?? 0) > 0 ? { note: t("means.unencrypted") } : {}),
        }))}
      />
    </Section>
  );
}
