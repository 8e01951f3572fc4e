/** Devices of an organisation, those that are away first. */
import { useState, type ReactNode } from "react";
import type { Device } from "@yagura/devices/shapes.ts";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll } from "../../queries.ts";
import { useLive, useOrganisation } from "../../session.tsx";
import { deviceColumns, DeviceDialog, RevokeDeviceDialog } from "./device-parts.tsx";

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const { language } = useLanguage();
  const here = useOrganisation();
  const path = here.api("/devices");
  const list = useAll<Device>(path);
  const [open, setOpen] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Device | null>(null);
  useLive(["device"], { refresh: [path], gather: 1_000 });
  const shown = list.rows?.find((row) => row.id === open);
  const may = here.can("device.write");
  const manual = (
    <a className="button button-plain" href={`/manual/agent?language=${language}`}>
      {t("devices.manual")}
    </a>
  );
  return (
    <Frame title={t("devices.title")} lead={t("devices.lead")} actions={manual}>
      <DataTable
        id="devices"
        label={t("devices.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={deviceColumns(t, format)}
        rowKey={(row) => row.id}
        rowName={(row) => row.hostname}
        sort="state"
        onOpen={(row) => setOpen(row.id)}
        total={list.total}
        cut={list.cut}
        {...(may
          ? {
              rowActions: (row: Device) =>
                row.state === "revoked"
                  ? []
                  : [{ label: t("devices.revoke"), danger: true, run: () => setRevoking(row) }],
            }
          : {})}
        empty={<Empty title={t("devices.none")}>{t("devices.noneText")}</Empty>}
      />
      {shown === undefined ? null : <DeviceDialog device={shown} close={() => setOpen(null)} />}
      {revoking === null ? null : (
        <RevokeDeviceDialog device={revoking} refreshPath={path} close={() => setRevoking(null)} />
      )}
    </Frame>
  );
}
