/** Targets: register, change, remove; forms that check while typing, and the limit before it is hit. */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import {
  CheckField,
  Form,
  NumberField,
  SelectField,
  TextField,
  useForm,
  type FormState,
} from "@yagura/portal/parts/form.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { DataTable, type RowAction } from "@yagura/portal/parts/table.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { whenCell } from "./cells.tsx";
import "./experience.css";
import { useService, useTargets, useTenants, type Target, type Tenant } from "./manage/data.ts";
import { QuotaMeters, useDialog } from "./manage/parts.tsx";
import { emptyProbe, isHost, probeOf, readExpect, valuesOf, type ProbeValues } from "./manage/probe-form.ts";
import { tellPaused, tellProbe } from "./tell.ts";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";

export function TargetsPage(): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const format = useFormat();
  const here = useOrganisation();
  const query = useTargets();
  const tenants = useTenants();
  useLive(["experience"], {
    refresh: [here.api("/experience/targets"), here.api("/experience/tenants")],
    gather: 5_000,
  });
  const dialog = useDialog<Target>("target");
  const may = here.can("experience.write");
  const nameOf = (id: string): string => tenants.data?.find((tenant) => tenant.id === id)?.name ?? "–";
  const acts = (row: Target): RowAction[] => [
    { label: m("edit"), run: () => dialog.show("edit", row) },
    { label: m("remove"), run: () => dialog.show("remove", row), danger: true },
  ];
  const add = (
    <Button kind="primary" icon="plus" onClick={dialog.add}>
      {m("targets.add")}
    </Button>
  );
  return (
    <Page title={t("nav.targets")} lead={m("targets.lead")} actions={may && add}>
      <DataTable<Target>
        id="experience-targets"
        label={t("nav.targets")}
        rows={query.data}
        error={query.error}
        retry={() => void query.refetch()}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        sort="name"
        {...(may ? { rowActions: acts } : {})}
        empty={
          <Empty title={m("targets.empty")} action={may && add}>
            {m("targets.emptyText")}
          </Empty>
        }
        columns={[
          { id: "name", head: m("name"), text: (row) => row.name, cell: (row) => row.name },
          {
            id: "what",
            head: m("targets.what"),
            text: (row) => tellProbe(row.probe),
            cell: (row) => tellProbe(row.probe),
          },
          { id: "tenant", head: t("tenant"), text: (row) => nameOf(row.tenantId), cell: (row) => nameOf(row.tenantId) },
          {
            id: "sessions",
            head: t("nav.sessions"),
            align: "end",
            text: (row) => row.sessions,
            cell: (row) => format.number(row.sessions),
          },
          {
            id: "state",
            head: t("state"),
            text: (row) => tellPaused(row, t),
            cell: (row) => tellPaused(row, t),
          },
          {
            id: "created",
            head: m("createdOn"),
            text: (row) => row.createdAt,
            cell: (row) => whenCell(row.createdAt),
            hidden: true,
          },
        ]}
      />
      {dialog.adding && tenants.data !== undefined && <TargetDialog tenants={tenants.data} close={dialog.close} />}
      {dialog.open?.act === "edit" && (
        <TargetDialog tenants={tenants.data ?? []} target={dialog.open.row} close={dialog.close} />
      )}
      {dialog.open?.act === "remove" && <RemoveDialog target={dialog.open.row} close={dialog.close} />}
    </Page>
  );
}
export { TargetsPage as Page };

type TargetValues = ProbeValues & { readonly name: string; readonly tenantId: string };

interface TargetDialogProps {
  readonly tenants: readonly Tenant[];
  readonly target?: Target;
  readonly close: () => void;
}
function TargetDialog({ tenants, target, close }: TargetDialogProps): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService<Target>();
  const title = m(target === undefined ? "targets.add" : "targets.change");
  const [initial] = useState<TargetValues>(() => ({
    ...(target === undefined ? emptyProbe : valuesOf(target.probe)),
    name: target?.name ?? "",
    tenantId: target?.tenantId ?? tenants[0]?.id ?? "",
  }));
  const form = useForm<TargetValues>({
    initial,
    rules: { name: { minLength: 1, maxLength: 120 }, tenantId: { minLength: 1 } },
    check: (values) => checkProbe(values, m),
    submit: (values) => {
      const body = { name: values.name.trim(), probe: probeOf(values) };
      return service.mutateAsync(
        target === undefined
          ? { method: "post", path: "/targets", body: { ...body, tenantId: values.tenantId } }
          : { method: "patch", path: `/targets/${target.id}`, body },
      );
    },
    done: () => {
      toast(m(target === undefined ? "created" : "saved"));
      close();
    },
  });
  const tenant = tenants.find((each) => each.id === form.values.tenantId);
  const full = target === undefined && tenant !== undefined && tenant.quota.targets.used >= tenant.quota.targets.limit;
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={title} cancel={close} label={title}>
        {target === undefined && tenants.length > 1 && (
          <SelectField
            form={form}
            name="tenantId"
            label={t("tenant")}
            options={tenants.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {target === undefined && tenant !== undefined && <QuotaMeters quota={tenant.quota} only="targets" />}
        {full && <p className="field-error">{m("use.full")}</p>}
        <TextField form={form} name="name" label={m("name")} />
        <ProbeFields form={form} />
      </Form>
    </Dialog>
  );
}

/** Sentences by field, for what a schema's rule cannot say. */
function checkProbe(
  values: TargetValues,
  m: ReturnType<typeof useWords<typeof manageWords>>,
): Partial<Record<string, string>> {
  const found: Record<string, string> = {};
  const { kind } = values;
  const badPort = !/^\d{1,5}$/.test(values.port.trim()) || Number(values.port) < 1 || Number(values.port) > 65_535;
  if ((kind === "icmp" || kind === "tcp") && !isHost(values.host)) found["host"] = m("targets.hostBad");
  if (kind === "tcp" && badPort) found["port"] = m("targets.portBad");
  if (kind === "icmp" && values.size.trim() !== "" && !between(values.size, 16, 1400))
    found["size"] = m("targets.sizeBad");
  if (kind === "dns" && !isHost(values.query.replace(/\.$/, ""))) found["query"] = m("targets.hostBad");
  if (kind === "dns" && values.server.trim() !== "" && !isHost(values.server)) found["server"] = m("targets.hostBad");
  if (kind === "http" && !isUrl(values.url)) found["url"] = m("targets.urlHint");
  if (kind === "http" && readExpect(values.expect) === undefined) found["expect"] = m("targets.expectBad");
  return found;
}
const between = (text: string, least: number, most: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
const isUrl = (text: string): boolean => /^https?:\/\//.test(text.trim()) && URL.canParse(text.trim());

function ProbeFields({ form }: { readonly form: FormState<TargetValues> }): ReactNode {
  const m = useWords(manageWords);
  const kinds = (["icmp", "tcp", "dns", "http"] as const).map((kind) => ({
    value: kind,
    label: m(`targets.kind.${kind}`),
  }));
  return (
    <>
      <SelectField form={form} name="kind" label={m("targets.kind")} options={kinds} />
      {form.values.kind === "icmp" && <IcmpFields form={form} />}
      {form.values.kind === "tcp" && <TcpFields form={form} />}
      {form.values.kind === "dns" && <DnsFields form={form} />}
      {form.values.kind === "http" && <HttpFields form={form} />}
    </>
  );
}

interface FieldsProps {
  readonly form: FormState<TargetValues>;
}
function FamilyField({ form }: FieldsProps): ReactNode {
  const m = useWords(manageWords);
  const options = [
    { value: "", label: m("targets.family.any") },
    { value: "4", label: "IPv4" },
    { value: "6", label: "IPv6" },
  ];
  return <SelectField form={form} name="family" label={m("targets.family")} options={options} />;
}
function IcmpFields({ form }: FieldsProps): ReactNode {
  const m = useWords(manageWords);
  return (
    <>
      <TextField form={form} name="host" label={m("targets.host")} mono />
      <FamilyField form={form} />
      <NumberField form={form} name="size" label={m("targets.size")} unit={m("targets.bytes")} hint="16–1400" />
    </>
  );
}
function TcpFields({ form }: FieldsProps): ReactNode {
  const m = useWords(manageWords);
  return (
    <>
      <TextField form={form} name="host" label={m("targets.host")} mono />
      <NumberField form={form} name="port" label={m("targets.port")} />
      <FamilyField form={form} />
    </>
  );
}
function DnsFields({ form }: FieldsProps): ReactNode {
  const m = useWords(manageWords);
  const records = ["A", "AAAA", "MX", "TXT", "NS", "SOA"].map((record) => ({ value: record, label: record }));
  return (
    <>
      <TextField form={form} name="query" label={m("targets.query")} mono />
      <SelectField form={form} name="record" label={m("targets.record")} options={records} />
      <TextField form={form} name="server" label={m("targets.server")} hint={m("targets.serverHint")} mono />
    </>
  );
}
function HttpFields({ form }: FieldsProps): ReactNode {
  const m = useWords(manageWords);
  const methods = ["GET", "HEAD"].map((method) => ({ value: method, label: method }));
  return (
    <>
      <TextField form={form} name="url" label={m("targets.url")} hint={m("targets.urlHint")} type="url" mono />
      <SelectField form={form} name="method" label={m("targets.method")} options={methods} />
      <TextField form={form} name="expect" label={m("targets.expect")} hint={m("targets.expectHint")} />
      <CheckField form={form} name="insecure" label={m("targets.insecure")} />
    </>
  );
}

function RemoveDialog({ target, close }: { readonly target: Target; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService();
  return (
    <ConfirmDialog
      title={m("targets.removeTitle", { name: target.name })}
      consequences={[m("targets.removeText", { n: target.sessions }), m("targets.removeData")]}
      action={m("remove")}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "delete", path: `/targets/${target.id}` });
        toast(m("removed"));
      }}
    />
  );
}
