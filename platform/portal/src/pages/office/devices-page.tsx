/** Devices of an organisation, those that are away first. */
import type { ReactNode } from "react";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Page as Frame } from "../../parts/page.tsx";
import { useLive, useOrganisation } from "../../session.tsx";
import { deviceColumns } from "./device-parts.tsx";
import { DeviceTable } from "./device-table.tsx";

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const { language } = useLanguage();
  const here = useOrganisation();
  const path = here.api("/devices");
  useLive(["device"], { refresh: [path], gather: 1_000 });
  const manual = (
    <a className="button button-plain" href={`/manual/agent?language=${language}`}>
      {t("devices.manual")}
    </a>
  );
  return (
    <Frame title={t("devices.title")} lead={t("devices.lead")} actions={manual}>
      <DeviceTable
        id="devices"
        label={t("devices.title")}
        path={path}
        columns={deviceColumns(t, format)}
        mayRevoke={here.can("device.write")}
      />
    </Frame>
  );
}
