/** What the lists of devices share: columns, details, revocation. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import type { Device } from "@yagura/devices/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords, type Format } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { Facts, type Fact } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import type { Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { useRefresh } from "../../queries.ts";

type DeviceWords = ReturnType<typeof useWords<typeof officeWords>>;
const states: Readonly<Record<Device["state"], State>> = { online: "good", offline: "bad", revoked: "unknown" };
const order: Readonly<Record<Device["state"], number>> = { offline: 0, online: 1, revoked: 2 };

/** Share of the device's own limit of unsent data. */
const spoolShare = (device: Device): number | null =>
  device.health === null || device.health.spool.limit === 0
    ? null
    : device.health.spool.bytes / device.health.spool.limit;

export const deviceColumns = (t: DeviceWords, format: Format): readonly Column<Device>[] => [
  { id: "hostname", head: t("devices.hostname"), text: (row) => row.hostname, cell: (row) => row.hostname },
  {
    id: "state",
    head: t("devices.state"),
    text: (row) => t(`devices.state.${row.state}`),
    sort: (row) => order[row.state],
    cell: (row) => <StateMark state={states[row.state]} label={t(`devices.state.${row.state}`)} />,
  },
  {
    id: "lastSeenAt",
    head: t("devices.seen"),
    text: (row) => row.lastSeenAt,
    descending: true,
    cell: (row) => <When at={row.lastSeenAt} ago />,
  },
  { id: "program", head: t("devices.program"), text: (row) => row.program, cell: (row) => row.program },
  { id: "version", head: t("devices.version"), text: (row) => row.version, cell: (row) => row.version },
  { id: "platform", head: t("devices.platform"), text: (row) => row.platform, cell: (row) => row.platform },
  { id: "address", head: t("devices.address"), text: (row) => row.address, cell: (row) => row.address },
  {
    id: "cpu",
    head: t("devices.cpu"),
    align: "end",
    descending: true,
    text: (row) => row.health?.cpu ?? null,
    cell: (row) => format.percent(row.health?.cpu),
  },
  {
    id: "memory",
    head: t("devices.memory"),
    align: "end",
    descending: true,
    text: (row) => row.health?.memory ?? null,
    cell: (row) => format.bytes(row.health?.memory),
  },
  {
    id: "spool",
    head: t("devices.spool"),
    align: "end",
    descending: true,
    text: (row) => row.health?.spool.bytes ?? null,
    cell: (row) => format.bytes(row.health?.spool.bytes),
  },
  {
    id: "clock",
    head: t("devices.clock"),
    align: "end",
    hidden: true,
    text: (row) => row.clock?.offset ?? null,
    sort: (row) => (row.clock === null ? null : Math.abs(row.clock.offset)),
    cell: (row) => format.duration(row.clock?.offset),
  },
  {
    id: "enrolledAt",
    head: t("devices.enrolled"),
    text: (row) => row.enrolledAt,
    hidden: true,
    cell: (row) => <When at={row.enrolledAt} />,
  },
];

/** All that is known of a device. */
export function DeviceDialog({ device, close }: { readonly device: Device; readonly close: () => void }): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const acknowledged = device.configurationAcknowledged;
  const facts: Fact[] = [
    {
      name: t("devices.state"),
      value: <StateMark state={states[device.state]} label={t(`devices.state.${device.state}`)} />,
      ...(device.revokedReason === null ? {} : { note: device.revokedReason }),
    },
    { name: t("devices.program"), value: `${device.program} ${device.version}` },
    { name: t("devices.platform"), value: device.platform },
    { name: t("devices.address"), value: device.address },
    { name: t("devices.enrolled"), value: <When at={device.enrolledAt} /> },
    { name: t("devices.seen"), value: <When at={device.lastSeenAt} /> },
    {
      name: t("devices.configuration"),
      value:
        acknowledged === device.configurationVersion
          ? t("devices.configured", { n: acknowledged })
          : t("devices.configuring", { now: acknowledged ?? "–", n: device.configurationVersion }),
    },
    {
      name: t("devices.clock"),
      value:
        device.clock === null
          ? "–"
          : `${format.duration(device.clock.offset)} ± ${format.duration(device.clock.bound)}`,
    },
  ];
  return (
    <Dialog title={device.hostname} close={close} wide>
      <div className="stack-wide">
        <Facts facts={facts} />
        <Health device={device} />
      </div>
    </Dialog>
  );
}

function Health({ device }: { readonly device: Device }): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const { health } = device;
  if (health === null) return <p className="soft">{t("devices.healthNone")}</p>;
  const { spool } = health;
  return (
    <>
      <h3>{t("devices.health")}</h3>
      {health.warnings.length === 0 ? null : (
        <Banner title={t("devices.warnings")}>
          {health.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Banner>
      )}
      <Facts
        facts={[
          { name: t("devices.reportedAt"), value: <When at={health.at / 1000} ago /> },
          { name: t("devices.cpu"), value: format.percent(health.cpu) },
          { name: t("devices.memory"), value: format.bytes(health.memory) },
          {
            name: t("devices.spool"),
            value: t("devices.spoolFact", {
              used: format.bytes(spool.bytes),
              limit: format.bytes(spool.limit),
              dropped: format.number(spool.dropped),
            }),
            ...(spoolShare(device) === null ? {} : { note: format.percent(spoolShare(device)) }),
          },
        ]}
      />
      <h3>{t("devices.capabilities")}</h3>
      <Facts facts={Object.entries(health.capabilities).map(([name, value]) => ({ name, value }))} />
    </>
  );
}

interface RevokeProps {
  readonly device: Device;
  readonly refreshPath: string;
  readonly close: () => void;
}
export function RevokeDeviceDialog({ device, refreshPath, close }: RevokeProps): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const refresh = useRefresh();
  const unsent = device.health?.spool.bytes ?? 0;
  const form = useForm({
    initial: { reason: "" },
    rules: { reason: { maxLength: 200 } },
    submit: async ({ reason }) => {
      await api.post(`/api/v1/organisations/${device.organisationId}/devices/${device.id}/revoke`, {
        reason: reason.trim(),
      });
      refresh([refreshPath]);
      close();
    },
  });
  return (
    <Dialog title={t("devices.revokeTitle", { name: device.hostname })} close={close}>
      <ul className="consequences">
        <li>{t("devices.revokeText")}</li>
        {unsent > 0 ? <li>{t("devices.revokeSpool", { size: format.bytes(unsent) })}</li> : null}
      </ul>
      <Form form={form} action={t("devices.revoke")} kind="danger" cancel={close}>
        <TextField form={form} name="reason" label={t("devices.reason")} />
      </Form>
    </Dialog>
  );
}
