/** Commands between devices: function, class, objects, counts; critical ones first. */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { agoColumn, countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import type { CommandView } from "../wire/api-assets.ts";
import { writeIpv4 } from "../wire/addresses.ts";
import { assetWords } from "./assets/words.ts";
import { normWords } from "./norms/words.ts";
import { useProtocolTitle } from "./parts/protocol.ts";
import { words } from "./words.ts";

interface CommandTableProps {
  readonly id: string;
  readonly rows: readonly CommandView[];
  readonly urlKey?: string;
  /** What others do, where that can be said. */
  readonly others?: ((row: CommandView) => string | null) | null;
}
/** ARP asks for addresses; what other commands name are numbers of registers and the like. */
const numberOf = (protocol: CommandView["protocol"], value: number): string =>
  protocol === "arp" ? writeIpv4(BigInt(value)) : String(value);
function objectsOf({ protocol, objects, labels, low, high }: CommandView): string | null {
  const range =
    // From nothing on: the site's addresses are tokens, and only how many there were is told.
    low === null || (protocol === "arp" && low === 0)
      ? []
      : high === null || high === low
        ? [numberOf(protocol, low)]
        : [`${numberOf(protocol, low)}–${numberOf(protocol, high)}`];
  return [...objects, ...range, ...labels].join(", ") || null;
}
const times = ({ requests, responses, errors, events }: CommandView): number =>
  Math.max(requests, responses + errors, events);

export function CommandTable({ id, rows, urlKey, others = null }: CommandTableProps): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(assetWords);
  const w = useWords(words);
  const n = useWords(normWords);
  return (
    <DataTable<CommandView>
      id={id}
      label={t("tab.commands")}
      rows={rows}
      rowKey={(row) => `${row.client?.id ?? ""} ${row.server?.id ?? ""} ${row.protocol} ${row.port} ${row.code}`}
      rowName={(row) => row.name}
      sort="critical"
      {...(urlKey === undefined ? {} : { urlKey })}
      empty={<Empty title={t("noCommands")} />}
      columns={[
        stateColumn("critical", t("critical"), (row) => ({
          state: row.critical ? "bad" : "good",
          label: t(row.critical ? "critical" : "ordinary"),
          order: row.critical ? 0 : 1,
        })),
        textColumn("from", t("from"), (row) => row.client?.name ?? null),
        textColumn("to", t("to"), (row) => row.server?.name ?? null),
        textColumn("protocol", t("protocols"), (row) => title(row.protocol)),
        textColumn("command", t("command"), (row) => row.name, { fill: true }),
        textColumn("class", t("class"), (row) => w(`class.${row.class}`)),
        textColumn("object", t("object"), objectsOf, { width: "10rem" }),
        countColumn("count", t("count"), times),
        ...(others === null ? [] : [textColumn("others", n("column"), others)]),
        countColumn("errors", t("errors"), (row) => row.errors, { hidden: true }),
        whenColumn("first", t("first"), (row) => row.firstAt, { hidden: true }),
        agoColumn("last", t("last"), (row) => row.lastAt),
      ]}
    />
  );
}
