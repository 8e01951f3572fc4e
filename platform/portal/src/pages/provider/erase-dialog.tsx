/** Erasing an organisation: says in numbers what goes before the name is typed. */
import type { ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { Device } from "@yagura/devices/shapes.ts";
import type { Member, Organisation } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAll, useRefresh } from "../../queries.ts";

export function EraseDialog({
  organisation,
  close,
}: {
  readonly organisation: Organisation;
  readonly close: () => void;
}): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const path = `/api/v1/organisations/${organisation.id}`;
  const members = useAll<Member>(`${path}/members`);
  const devices = useAll<Device>(`${path}/devices`);
  const contracts = useAll<ContractItem>(`${path}/contracts`);
  const counted = members.rows !== undefined && devices.rows !== undefined && contracts.rows !== undefined;
  const people = members.rows?.filter((row) => row.state !== "revoked").length ?? 0;
  const consequences = counted
    ? [
        t("organisations.erasePeople", { n: format.number(people) }),
        t("organisations.eraseDevices", { n: format.number(devices.total) }),
        t("organisations.eraseContracts", { n: format.number(contracts.total) }),
      ]
    : [t("organisations.eraseCounting")];
  return (
    <ConfirmDialog
      title={t("organisations.eraseTitle", { name: organisation.name })}
      consequences={[...consequences, t("organisations.eraseData"), t("organisations.eraseExport")]}
      action={t("organisations.erase")}
      typed={organisation.name}
      close={close}
      run={async () => {
        await api.post(`${path}/erase`, { name: organisation.name });
        toast(t("organisations.erased", { name: organisation.name }));
        refresh(["/api/v1/organisations", "/api/v1/me"]);
      }}
    />
  );
}
