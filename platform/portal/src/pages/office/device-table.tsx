/** A list of devices with its dialogs: of one organisation, or of all. */
import { useState, type ReactNode } from "react";
import type { Device } from "@yagura/devices/shapes.ts";
import { useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Empty } from "../../parts/notice.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { useAll } from "../../queries.ts";
import { DeviceDialog, RevokeDeviceDialog } from "./device-parts.tsx";

interface DeviceTableProps<D extends Device> {
  readonly id: string;
  readonly label: string;
  /** Of the API. */
  readonly path: string;
  readonly columns: readonly Column<D>[];
  readonly mayRevoke: boolean;
}

export function DeviceTable<D extends Device>({ path, mayRevoke, ...rest }: DeviceTableProps<D>): ReactNode {
  const t = useWords(officeWords);
  const list = useAll<D>(path);
  const [open, setOpen] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<D | null>(null);
  const shown = list.rows?.find((row) => row.id === open);
  const acts = (row: D) =>
    row.state === "revoked" ? [] : [{ label: t("devices.revoke"), danger: true, run: () => setRevoking(row) }];
  return (
    <>
      <DataTable
        {...rest}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.hostname}
        sort="state"
        onOpen={(row) => setOpen(row.id)}
        total={list.total}
        cut={list.cut}
        {...(mayRevoke ? { rowActions: acts } : {})}
        empty={<Empty title={t("devices.none")}>{t("devices.noneText")}</Empty>}
      />
      {shown === undefined ? null : <DeviceDialog device={shown} close={() => setOpen(null)} />}
      {revoking === null ? null : (
        <RevokeDeviceDialog device={revoking} refreshPath={path} close={() => setRevoking(null)} />
      )}
    </>
  );
}
