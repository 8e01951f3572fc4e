/** Adding a PC under its contract number, changing its label and holder, removing it. */
import { useRef, useState, type ComponentProps, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm, type FormState } from "@yagura/portal/parts/form.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { useAll } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { words } from "../words.ts";
import { manageWords } from "../words-manage.ts";
import { useService, type Agent, type InstallInvitation, type Tenant } from "./data.ts";
import { KeyDialog } from "./invitation.tsx";

/** Characters as people see them (EXP-T07). */
export const LABEL_LIMIT = 15;
/** Value of the choice that makes a new contract. */
const NEW = "new";

const labelRule = { minLength: 1, characters: LABEL_LIMIT };
const nameRule = { minLength: 1, maxLength: 120 };
const mailRule = { format: "email", maxLength: 254, optional: true };

/** States of contracts that cannot carry an agent any more. */
const over: ReadonlySet<string> = new Set<ContractItem["state"]>(["ended", "revoked", "void"]);

/** Contract numbers of this service without an agent; undefined when they may not be read. */
function useFreeContracts(agents: readonly Agent[]): readonly string[] | undefined {
  const here = useOrganisation();
  const all = useAll<ContractItem>(here.api("/contracts"), undefined, { enabled: here.can("contract.read") });
  const taken = new Set(agents.map((agent) => agent.contractNumber));
  return all.rows
    ?.filter(
      (contract) => contract.service === "experience" && !over.has(contract.state) && !taken.has(contract.number),
    )
    .map((contract) => contract.number);
}

interface AddAgentProps {
  readonly tenants: readonly Tenant[];
  readonly agents: readonly Agent[];
  readonly close: () => void;
}
interface AddValues extends Record<string, string | boolean> {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly contract: string;
  readonly label: string;
  readonly name: string;
  readonly mail: string;
  readonly invite: boolean;
}

export function AddAgentDialog({ tenants, agents, close }: AddAgentProps): ReactNode {
  const m = useWords(manageWords);
  const here = useOrganisation();
  const contracts = useFreeContracts(agents);
  const make = useAgentMaker();
  const [made, setMade] = useState<{ readonly invitation: InstallInvitation; readonly mail: string } | null>(null);
  const mayIssue = here.can("contract.write");
  const form = useForm<AddValues>({
    initial: {
      tenantId: tenants[0]?.id ?? "",
      tenantName: "",
      contract: mayIssue ? NEW : "",
      label: "",
      name: "",
      mail: "",
      invite: true,
    },
    rules: {
      label: labelRule,
      name: nameRule,
      mail: mailRule,
      contract: { minLength: 1, maxLength: 40 },
      ...(tenants.length === 0 ? { tenantName: nameRule } : {}),
    },
    submit: async (values) => setMade(await make(values)),
  });
  if (made !== null) return <KeyDialog {...made} close={close} />;
  return (
    <Dialog title={m("agents.add")} close={close}>
      <Form form={form} action={m("agents.addDo")} cancel={close} label={m("agents.add")}>
        <TenantField form={form} tenants={tenants} />
        <ContractField form={form} free={contracts} mayIssue={mayIssue} />
        <HolderFields form={form} />
        <CheckField form={form} name="invite" label={m("agents.invite")} hint={m("agents.inviteHint")} />
      </Form>
    </Dialog>
  );
}

/** Tenant, contract, agent, invitation: each only when it is not there yet, so that a refused step can be tried again. */
function useAgentMaker(): (values: AddValues) => Promise<{ invitation: InstallInvitation; mail: string }> {
  const here = useOrganisation();
  const service = useService<{ id: string }>();
  const kept = useRef<{ tenant?: string; contract?: string; agent?: string }>({});
  return async (values) => {
    const done = kept.current;
    if (values.tenantId === "" && done.tenant === undefined) {
      const body = { name: values.tenantName.trim() };
      done.tenant = (await service.mutateAsync({ method: "post", path: "/tenants", body })).id;
    }
    if (values.contract === NEW && done.contract === undefined) {
      done.contract = (await api.post<ContractItem>(here.api("/contracts"), { service: "experience" })).number;
    }
    const mail = values.mail.trim();
    if (done.agent === undefined) {
      const body = {
        tenantId: values.tenantId === "" ? done.tenant : values.tenantId,
        contractNumber: values.contract === NEW ? done.contract : values.contract.trim(),
        ...labelAndHolder(values),
      };
      done.agent = (await service.mutateAsync({ method: "post", path: "/agents", body })).id;
    }
    const to = values.invite && mail !== "" ? mail : "";
    const answer = await service.mutateAsync({
      method: "post",
      path: `/agents/${done.agent}/invitation`,
      body: to === "" ? {} : { mail: to },
    });
    return { invitation: answer as unknown as InstallInvitation, mail: to };
  };
}

function TenantField({
  form,
  tenants,
}: {
  readonly form: FormState<AddValues>;
  readonly tenants: readonly Tenant[];
}): ReactNode {
  const m = useWords(manageWords);
  if (tenants.length === 0)
    return <TextField form={form} name="tenantName" label={m("agents.newTenant")} hint={m("agents.tenantHint")} />;
  return (
    <SelectField
      form={form}
      name="tenantId"
      label={m("agents.tenant")}
      hint={m("agents.tenantHint")}
      options={tenants.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}

interface ContractFieldProps {
  readonly form: FormState<AddValues>;
  readonly free: readonly string[] | undefined;
  readonly mayIssue: boolean;
}
function ContractField({ form, free, mayIssue }: ContractFieldProps): ReactNode {
  const m = useWords(manageWords);
  const options = [
    ...(mayIssue
      ? [{ value: NEW, label: m("agents.contractNew") }]
      : [{ value: "", label: m("agents.contractChoose") }]),
    ...(free ?? []).map((number) => ({ value: number, label: number })),
  ];
  if (free === undefined && !mayIssue) {
    return <TextField form={form} name="contract" label={m("agents.contract")} hint={m("agents.contractHint")} mono />;
  }
  return (
    <SelectField
      form={form}
      name="contract"
      label={m("agents.contract")}
      hint={m("agents.contractPick")}
      options={options}
    />
  );
}

/** The label of a PC and who holds it. */
function HolderFields({ form }: Pick<ComponentProps<typeof TextField>, "form">): ReactNode {
  const m = useWords(manageWords);
  return (
    <>
      <TextField form={form} name="label" label={m("agents.label")} hint={m("agents.labelHint")} />
      <TextField form={form} name="name" label={m("agents.holderName")} />
      <TextField
        form={form}
        name="mail"
        type="email"
        label={m("agents.holderMail")}
        hint={m("agents.holderMailHint")}
      />
    </>
  );
}

/** The same, as the API takes it: an empty mail is none. */
const labelAndHolder = (values: { label: string; name: string; mail: string }) => {
  const mail = values.mail.trim();
  return { label: values.label.trim(), holder: { name: values.name.trim(), ...(mail === "" ? {} : { mail }) } };
};

export function ChangeAgentDialog({ agent, close }: { readonly agent: Agent; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService<Agent>();
  const form = useForm({
    initial: { label: agent.label, name: agent.holder.name, mail: agent.holder.mail ?? "" },
    rules: { label: labelRule, name: nameRule, mail: mailRule },
    submit: (values) =>
      service.mutateAsync({ method: "patch", path: `/agents/${agent.id}`, body: labelAndHolder(values) }),
    done: () => {
      toast(m("saved"));
      close();
    },
  });
  return (
    <Dialog title={m("agents.change")} close={close}>
      <Form form={form} action={m("edit")} cancel={close} label={m("agents.change")}>
        <HolderFields form={form} />
      </Form>
    </Dialog>
  );
}

interface RemoveAgentProps {
  readonly agent: Agent;
  readonly close: () => void;
  readonly done?: () => void;
}
export function RemoveAgentDialog({ agent, close, done }: RemoveAgentProps): ReactNode {
  const m = useWords(manageWords);
  const t = useWords(words);
  const toast = useToast();
  const service = useService();
  return (
    <ConfirmDialog
      title={m("agents.removeTitle", { label: agent.label })}
      consequences={[
        m("agents.removeText", { n: agent.sessions }),
        m("agents.removeQuota", { number: agent.contractNumber }),
        `${t("holder")}: ${agent.holder.name}`,
      ]}
      action={m("remove")}
      typed={agent.label}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "delete", path: `/agents/${agent.id}` });
        toast(m("removed"));
        done?.();
      }}
    />
  );
}
