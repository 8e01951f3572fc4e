/** Devices over all organisations, those that are away first. */
import type { ReactNode } from "react";
import type { Device } from "@yagura/devices/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { providerWords } from "../../messages/provider.ts";
import { Page as Frame } from "../../parts/page.tsx";
import type { Column } from "../../parts/table.tsx";
import { useLive, useProvider } from "../../session.tsx";
import { deviceColumns } from "../office/device-parts.tsx";
import { DeviceTable } from "../office/device-table.tsx";

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
  useLive(["device"], { refresh: [PATH], gather: 2_000 });
  const [hostname, ...rest] = deviceColumns(say, format);
  const columns = [
    ...(hostname === undefined ? [] : [hostname]),
    organisationColumn(say("devices.organisation")),
    ...rest,
  ];
  return (
    <Frame title={t("devices.title")} lead={t("devices.lead")}>
      <DeviceTable
        id="all-devices"
        label={t("devices.title")}
        path={PATH}
        columns={columns}
        mayRevoke={provider.can("device.write")}
      />
    </Frame>
  );
}
