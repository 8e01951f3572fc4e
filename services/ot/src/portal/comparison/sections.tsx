/** The sections of a comparison: each a table with what differs, and the counts of both periods. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import {
  bytesColumn,
  countColumn,
  figures,
  stateColumn,
  textColumn,
  whenColumn,
} from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Section } from "@yagura/portal/parts/page.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetRef } from "../../wire/api.ts";
import type { Comparison } from "../../wire/api-traffic.ts";
import { commandClasses, isCritical } from "../../wire/vocabulary.ts";
import { attributeName } from "../assets/attribute-name.ts";
import { assetWords } from "../assets/words.ts";
import { assetColumn } from "../parts/asset-link.tsx";
import { useAttributeValue } from "../parts/role.ts";
import { words } from "../words.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { comparisonWords } from "./words.ts";

interface Of {
  readonly of: Comparison;
}
type Change = "new" | "gone" | "changed";
const order: Readonly<Record<Change, number>> = { new: 0, gone: 1, changed: 2 };
const marks: Readonly<Record<Change, State>> = { new: "notice", gone: "notice", changed: "good" };

function useChange(): <Row extends { readonly change: Change }>() => Column<Row> {
  const t = useWords(comparisonWords);
  return () =>
    stateColumn("change", t("change"), ({ change }) => ({
      state: marks[change],
      label: t(`change.${change}`),
      order: order[change],
    }));
}
function useCounts(): (counts: { readonly before: number; readonly after: number }) => string {
  const t = useWords(comparisonWords);
  const format = useFormat();
  return ({ before, after }) => t("counts", { before: format.number(before), after: format.number(after) });
}

type Sided = { readonly client: AssetRef | null; readonly server: AssetRef | null };
function useSides(): <Row extends Sided>() => Column<Row>[] {
  const t = useWords(comparisonWords);
  return <Row extends Sided>() =>
    (["client", "server"] as const).map((id) => {
      const column = assetColumn<Row>(id, t(id), (row) => row[id]);
      return { ...column, cell: (row: Row) => (row[id] === null ? t("outside") : column.cell(row)) };
    });
}
/** How many times as much; nothing where there was nothing. */
const growth = ({ before, after }: { readonly before: number; readonly after: number }): number | null =>
  before === 0 ? null : after / before;
function useGrowth(): <Row>(of: (row: Row) => { readonly before: number; readonly after: number }) => Column<Row> {
  const t = useWords(comparisonWords);
  const format = useFormat();
  return (of) => ({
    id: "times",
    head: t("times"),
    ...figures,
    text: (row) => growth(of(row)),
    cell: (row) => {
      const times = growth(of(row));
      return times === null || times === 0 ? "–" : `×${format.number(times, times < 10 ? 2 : 0)}`;
    },
  });
}

type AssetRow = Comparison["assets"]["items"][number];
export function Assets({ of: { assets } }: Of): ReactNode {
  const t = useWords(comparisonWords);
  const counts = useCounts();
  const change = useChange();
  const here = useOrganisation();
  return (
    <Section title={t("assets")} lead={counts(assets)}>
      <DataTable<AssetRow>
        id="ot-compared-devices"
        label={t("assets")}
        rows={assets.items}
        rowKey={(row) => `${row.change} ${row.asset.id}`}
        rowName={(row) => row.asset.name}
        rowHref={(row) => here.path(`ot/assets/${row.asset.id}`)}
        sort="change"
        urlKey="assets."
        empty={<Empty title={t("noAssets")} />}
        columns={[
          change<AssetRow>(),
          assetColumn("device", t("device"), (row) => row.asset, { fill: true }),
          whenColumn("first", t("firstSeen"), (row) => row.firstAt),
          whenColumn("last", t("lastSeen"), (row) => row.lastAt),
        ]}
      />
    </Section>
  );
}

type AttributeRow = Comparison["assets"]["attributes"][number];
export function Attributes({ of: { assets } }: Of): ReactNode {
  const t = useWords(comparisonWords);
  const a = useWords(assetWords);
  const value = useAttributeValue();
  const here = useOrganisation();
  return (
    <Section title={t("attributes")} lead={t("attributesLead")}>
      <DataTable<AttributeRow>
        id="ot-compared-attributes"
        label={t("attributes")}
        rows={assets.attributes}
        rowKey={(row) => `${row.asset.id} ${row.attribute} ${row.at}`}
        rowName={(row) => `${row.asset.name} ${row.attribute}`}
        rowHref={(row) => here.path(`ot/assets/${row.asset.id}?tab=timeline`)}
        sort="-at"
        urlKey="attributes."
        empty={<Empty title={t("noAttributes")} />}
        columns={[
          assetColumn("device", t("device"), (row) => row.asset),
          {
            ...textColumn<AttributeRow>("attribute", t("attribute"), (row) => attributeName(row.attribute, a)),
            // Firmware is what somebody must have changed.
            sort: (row) => (row.attribute === "firmware" ? "" : row.attribute),
          },
          textColumn("was", t("was"), (row) => value(row.attribute, row.before)),
          textColumn("is", t("is"), (row) => value(row.attribute, row.after), { fill: true }),
          whenColumn("at", t("at"), (row) => row.at),
        ]}
      />
    </Section>
  );
}

type TalkRow = Comparison["conversations"]["items"][number];
export function Conversations({ of: { conversations } }: Of): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(comparisonWords);
  const counts = useCounts();
  const change = useChange();
  const sides = useSides();
  const times = useGrowth();
  return (
    <Section title={t("conversations")} lead={counts(conversations)}>
      <DataTable<TalkRow>
        id="ot-compared-conversations"
        label={t("conversations")}
        rows={conversations.items}
        total={conversations.total}
        cut={conversations.total > conversations.items.length}
        rowKey={(row) => `${row.client?.id ?? ""} ${row.server?.id ?? ""} ${row.protocol} ${row.port} ${row.change}`}
        rowName={(row) => `${row.client?.name ?? t("outside")} → ${row.server?.name ?? t("outside")}`}
        sort="change"
        urlKey="talk."
        empty={<Empty title={t("noConversations")} />}
        columns={[
          change<TalkRow>(),
          ...sides<TalkRow>(),
          textColumn("protocol", t("protocol"), (row) => title(row.protocol), { fill: true }),
          textColumn("port", t("port"), (row) => String(row.port), { align: "end" }),
          bytesColumn("before", t("bytesBefore"), (row) => row.bytes.before),
          bytesColumn("after", t("bytesAfter"), (row) => row.bytes.after),
          times<TalkRow>((row) => row.bytes),
        ]}
      />
    </Section>
  );
}

type CommandRow = Comparison["commands"]["items"][number];
export function Commands({ of: { commands } }: Of): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(comparisonWords);
  const w = useWords(words);
  const format = useFormat();
  const counts = useCounts();
  const change = useChange();
  const sides = useSides();
  const perHour = (id: "before" | "after", head: string): Column<CommandRow> => ({
    id,
    head,
    ...figures,
    text: (row) => row.count[id],
    cell: ({ count: { [id]: rate } }) =>
      rate > 0 && rate < 0.01 ? `<${format.number(0.01, 2)}` : format.number(rate, rate < 1 ? 2 : rate < 10 ? 1 : 0),
  });
  return (
    <Section title={t("commands")} lead={counts(commands)}>
      <DataTable<CommandRow>
        id="ot-compared-commands"
        label={t("commands")}
        rows={commands.items}
        total={commands.total}
        cut={commands.total > commands.items.length}
        rowKey={(row) => `${row.client?.id ?? ""} ${row.server?.id ?? ""} ${row.protocol} ${row.code} ${row.change}`}
        rowName={(row) => row.name}
        sort="-class"
        urlKey="commands."
        empty={<Empty title={t("noCommands")} />}
        columns={[
          change<CommandRow>(),
          ...sides<CommandRow>(),
          textColumn("protocol", t("protocol"), (row) => title(row.protocol)),
          textColumn("command", t("command"), (row) => row.name, { fill: true }),
          stateColumn(
            "class",
            t("class"),
            (row) => ({
              state: isCritical(row.class) ? "bad" : "good",
              label: w(`class.${row.class}`),
              order: commandClasses.indexOf(row.class),
            }),
            { descending: true },
          ),
          perHour("before", t("bytesBefore")),
          perHour("after", t("bytesAfter")),
        ]}
      />
    </Section>
  );
}

type VolumeRow = Comparison["volumes"][number];
export function Volumes({ of: { volumes } }: Of): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(comparisonWords);
  const times = useGrowth();
  const here = useOrganisation();
  return (
    <Section title={t("volumes")}>
      <DataTable<VolumeRow>
        id="ot-compared-volumes"
        label={t("volumes")}
        rows={volumes}
        rowKey={(row) => row.protocol}
        rowName={(row) => title(row.protocol)}
        rowHref={(row) => here.path(`ot/traffic?tab=conversations&protocol=${row.protocol}`)}
        sort="-after"
        urlKey="volumes."
        empty={<Empty title={t("noVolumes")} />}
        columns={[
          textColumn("protocol", t("protocol"), (row) => title(row.protocol), { fill: true }),
          bytesColumn("before", t("bytesBefore"), (row) => row.bytes.before),
          bytesColumn("after", t("bytesAfter"), (row) => row.bytes.after),
          times<VolumeRow>((row) => row.bytes),
          countColumn("packetsBefore", t("packetsBefore"), (row) => Math.round(row.packets.before), { hidden: true }),
          countColumn("packetsAfter", t("packetsAfter"), (row) => Math.round(row.packets.after), { hidden: true }),
        ]}
      />
    </Section>
  );
}
