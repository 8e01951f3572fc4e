/** Waivers for a disaster: by service, area and days, published and reversible (COM-29, UTM-52). */
import { useState, type ReactNode } from "react";
import type { WaiverDone, WaiverItem } from "@yagura/commerce/notices/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useList, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useServiceName } from "../data.ts";
import { useServiceItemName } from "../offers.ts";
import { countColumn, dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { reliefWords } from "../words/relief.ts";
import { WAIVERS } from "./paths.ts";
import { WaiverDialog } from "./waiver-dialog.tsx";

type Open = "new" | { readonly act: "extend" | "reverse"; readonly of: WaiverItem } | null;

export function Page(): ReactNode {
  const t = useWords(reliefWords);
  const n = useWords(navWords);
  const say = useSay();
  const nameOf = useServiceName();
  const itemName = useServiceItemName();
  const { can } = useProvider();
  const list = useList<WaiverItem>(WAIVERS);
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const may = can("terms.write");
  const make = may ? (
    <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
      {t("new")}
    </Button>
  ) : null;
  return (
    <Frame title={n("waivers")} lead={t("lead")} actions={make}>
      <DataTable<WaiverItem>
        id="waivers"
        label={n("waivers")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.reference}
        sort="-from"
        {...(may
          ? {
              rowActions: (row: WaiverItem) =>
                row.state === "reversed"
                  ? []
                  : [
                      { label: t("extend"), run: () => setOpen({ act: "extend", of: row }) },
                      { label: t("reverse"), danger: true, run: () => setOpen({ act: "reverse", of: row }) },
                    ],
            }
          : {})}
        empty={
          <Empty title={t("none")} action={make}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          textColumn("reference", t("reference"), (row) => row.reference),
          textColumn("service", t("service"), (row) => nameOf(row.service)),
          textColumn("item", t("item"), (row) =>
            row.item === null ? t("everyItem") : itemName(row.service, row.item),
          ),
          textColumn("percent", t("percent"), (row) => `${row.percent}%`, { align: "end" }),
          textColumn("areas", t("areas"), (row) => (row.areas.length === 0 ? t("everywhere") : row.areas.join(" / ")), {
            fill: true,
          }),
          dayColumn("from", t("from"), (row) => row.from),
          dayColumn("lastDay", t("lastDay"), (row) => row.lastDay),
          stateColumn("state", t("state"), (row) => ({
            state: row.state === "active" ? "good" : "unknown",
            label: t(`state.${row.state}`),
          })),
          countColumn("contracts", t("contracts"), (row) => row.contracts),
          textColumn("reason", t("reason"), (row) => say(row.reason), { hidden: true }),
          whenColumn("published", t("published"), (row) => row.publishedAt, { hidden: true }),
        ]}
      />
      {open === "new" ? <WaiverDialog close={close} /> : null}
      {open === null || open === "new" ? null : open.act === "extend" ? (
        <ExtendDialog waiver={open.of} close={close} />
      ) : (
        <ReverseDialog waiver={open.of} close={close} />
      )}
    </Frame>
  );
}

interface Props {
  readonly waiver: WaiverItem;
  readonly close: () => void;
}
function ExtendDialog({ waiver, close }: Props): ReactNode {
  const t = useWords(reliefWords);
  const toast = useToast();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={`${t("extend")}: ${waiver.reference}`}
      consequences={[t("extendText")]}
      action={t("extend")}
      danger={false}
      close={close}
      run={async () => {
        const { contracts } = await api.post<WaiverDone>(`${WAIVERS}/${waiver.id}/extend`, {});
        toast(t("extended", { n: contracts }));
        refresh([WAIVERS]);
      }}
    />
  );
}

function ReverseDialog({ waiver, close }: Props): ReactNode {
  const t = useWords(reliefWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { reason: "" },
    rules: { reason: { maxLength: 200 } },
    submit: async ({ reason }) => {
      const { contracts } = await api.post<WaiverDone>(`${WAIVERS}/${waiver.id}/reverse`, { reason: reason.trim() });
      toast(t("reversed", { n: format.number(contracts) }));
      refresh([WAIVERS]);
      close();
    },
  });
  return (
    <Dialog title={`${t("reverse")}: ${waiver.reference}`} close={close}>
      <ul className="consequences">
        <li>{t("reverseText", { n: format.number(waiver.contracts) })}</li>
      </ul>
      <Form form={form} action={t("reverse")} kind="danger" cancel={close}>
        <TextField form={form} name="reason" label={t("reason")} />
      </Form>
    </Dialog>
  );
}
