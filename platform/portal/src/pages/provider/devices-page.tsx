/** Devices over all organisations, those that are away first. */
import { useState, type ReactNode } from "react";
import type { Device } from "@yagura/devices/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { providerWords } from "../../messages/provider.ts";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { useAll } from "../../queries.ts";
import { useLive, useProvider } from "../../session.tsx";
import { deviceColumns, DeviceDialog, RevokeDeviceDialog } from "../office/device-parts.tsx";

const PATH = "/api/v1/provider/devices";
type ProviderDevice = Device & { readonly organisationName: string };

const organisationColumn = (head: string): Column<ProviderDevice> => ({
  id: "organisation",
  head,
  text: (row) => row.organisationName,
  cell: (row) => row.organisationName,
});

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const say = useWords(officeWords);
  const format = useFormat();
  const provider = useProvider();
  const list = useAll<ProviderDevice>(PATH);
  const [open, setOpen] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Device | null>(null);
  useLive(["device"], { refresh: [PATH], gather: 2_000 });
  const [hostname, ...rest] = deviceColumns(say, format);
  const columns = [
    ...(hostname === undefined ? [] : [hostname]),
    organisationColumn(say("devices.organisation")),
    ...rest,
  ];
  const shown = list.rows?.find((row) => row.id === open);
  return (
    <Frame title={t("devices.title")} lead={t("devices.lead")}>
      <DataTable
        id="all-devices"
        label={t("devices.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columns}
        rowKey={(row) => row.id}
        rowName={(row) => row.hostname}
        sort="state"
        onOpen={(row) => setOpen(row.id)}
        total={list.total}
        cut={list.cut}
        {...(provider.can("device.write")
          ? {
              rowActions: (row: ProviderDevice) =>
                row.state === "revoked"
                  ? []
                  : [{ label: say("devices.revoke"), danger: true, run: () => setRevoking(row) }],
            }
          : {})}
        empty={<Empty title={say("devices.none")}>{say("devices.noneText")}</Empty>}
      />
      {shown === undefined ? null : <DeviceDialog device={shown} close={() => setOpen(null)} />}
      {revoking === null ? null : (
        <RevokeDeviceDialog device={revoking} refreshPath={PATH} close={() => setRevoking(null)} />
      )}
    </Frame>
  );
}
