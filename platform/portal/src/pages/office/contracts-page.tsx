/** Contracts of an organisation; the provider makes and ends them. */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import type { ContractItem, ContractState } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import { usePortal } from "../../frame/portal-context.ts";
import { useSay, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { Day } from "../../parts/when.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { useLive, useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";

type Words = ReturnType<typeof useWords<typeof officeWords>>;
const states: Readonly<Record<ContractState, State>> = {
  active: "good",
  ending: "notice",
  "awaiting-start": "unknown",
  ended: "unknown",
  suspended: "bad",
  discontinued: "notice",
  revoked: "unknown",
  void: "unknown",
};
const order: Readonly<Record<ContractState, number>> = {
  suspended: 0,
  discontinued: 1,
  ending: 2,
  "awaiting-start": 3,
  active: 4,
  ended: 5,
  revoked: 6,
  void: 7,
};

const columnsOf = (t: Words, serviceName: (id: string) => string): readonly Column<ContractItem>[] => [
  {
    id: "number",
    head: t("contracts.number"),
    text: (row) => row.number,
    cell: (row) => <span className="figures">{row.number}</span>,
  },
  {
    id: "service",
    head: t("contracts.service"),
    text: (row) => serviceName(row.service),
    cell: (row) => serviceName(row.service),
  },
  {
    id: "state",
    head: t("contracts.state"),
    text: (row) => t(`contracts.state.${row.state}`),
    sort: (row) => order[row.state],
    cell: (row) => <StateMark state={states[row.state]} label={t(`contracts.state.${row.state}`)} />,
  },
  {
    id: "startedOn",
    head: t("contracts.started"),
    text: (row) => row.startedOn,
    cell: (row) => <Day day={row.startedOn} />,
  },
  { id: "endedOn", head: t("contracts.ended"), text: (row) => row.endedOn, cell: (row) => <Day day={row.endedOn} /> },
  {
    id: "charged",
    head: t("contracts.charged"),
    text: (row) => t(row.charged ? "contracts.charged.yes" : "contracts.charged.no"),
    cell: (row) => t(row.charged ? "contracts.charged.yes" : "contracts.charged.no"),
  },
];

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const say = useSay();
  const portal = usePortal();
  const here = useOrganisation();
  const path = here.api("/contracts");
  const list = useAll<ContractItem>(path);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ContractItem | null>(null);
  useLive(["contract"], { refresh: [path] });
  const may = here.can("contract.write");
  const nameOf = (id: string): string => {
    const service = portal.services.find((each) => each.id === id);
    return service === undefined ? id : say(service.name);
  };
  const make = may ? (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      {t("contracts.new")}
    </Button>
  ) : null;
  return (
    <Frame title={t("contracts.title")} lead={t("contracts.lead")} actions={make}>
      <DataTable
        id="contracts"
        label={t("contracts.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, nameOf)}
        rowKey={(row) => row.id}
        rowName={(row) => row.number}
        sort="state"
        total={list.total}
        cut={list.cut}
        {...(may
          ? {
              rowActions: (row: ContractItem) =>
                row.state === "ended" ? [] : [{ label: t("contracts.end"), danger: true, run: () => setEnding(row) }],
            }
          : {})}
        empty={
          <Empty title={t("contracts.none")} action={make}>
            {t("contracts.noneText")}
          </Empty>
        }
      />
      {making ? <MakeDialog path={path} close={() => setMaking(false)} /> : null}
      {ending === null ? null : <EndDialog path={path} contract={ending} close={() => setEnding(null)} />}
    </Frame>
  );
}

function MakeDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(officeWords);
  const say = useSay();
  const portal = usePortal();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { service: portal.services[0]?.id ?? "", startedOn: "" },
    rules: { startedOn: { pattern: /^\d{4}-\d{2}-\d{2}$/, optional: true } },
    submit: async ({ service, startedOn }) => {
      const made = await api.post<ContractItem>(path, { service, ...(startedOn === "" ? {} : { startedOn }) });
      toast(t("contracts.made", { number: made.number }));
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("contracts.new")} close={close}>
      <Form form={form} action={t("contracts.new")} cancel={close}>
        <SelectField
          form={form}
          name="service"
          label={t("contracts.service")}
          options={portal.services.map((service) => ({ value: service.id, label: say(service.name) }))}
        />
        <TextField
          form={form}
          name="startedOn"
          label={t("contracts.started")}
          hint={t("contracts.startHint")}
          type="date"
        />
      </Form>
    </Dialog>
  );
}

interface EndProps {
  readonly path: string;
  readonly contract: ContractItem;
  readonly close: () => void;
}
function EndDialog({ path, contract, close }: EndProps): ReactNode {
  const t = useWords(officeWords);
  const refresh = useRefresh();
  const form = useForm({
    initial: { on: dayIn("Asia/Tokyo") },
    rules: { on: { pattern: /^\d{4}-\d{2}-\d{2}$/ } },
    submit: async ({ on }) => {
      await api.post(`${path}/${contract.id}/end`, { on });
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("contracts.endTitle", { number: contract.number })} close={close}>
      <ul className="consequences">
        <li>{t("contracts.endText")}</li>
        <li>{t("contracts.endQuota")}</li>
      </ul>
      <Form form={form} action={t("contracts.end")} kind="danger" cancel={close}>
        <TextField form={form} name="on" label={t("contracts.endOn")} hint={t("contracts.endHint")} type="date" />
      </Form>
    </Dialog>
  );
}
