/** Registering a contract and setting its end, by the provider's staff. */
import type { ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import { usePortal } from "../../frame/portal-context.ts";
import { useSay, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";

export function MakeDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
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
export function EndDialog({ path, contract, close }: EndProps): ReactNode {
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
