/** Making many sessions at once: agents times targets of one tenant, interval and timeout, what it costs, what it uses up. */
import { useState, type ReactNode } from "react";
import { ApiError } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { CheckGroup, Form, SelectField, useForm } from "@yagura/portal/parts/form.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { tellProbe } from "../tell.ts";
import { words } from "../words.ts";
import { manageWords } from "../words-manage.ts";
import { useService, type Agent, type Session, type Target, type Tenant } from "./data.ts";
import { PaceFields, paceOf, usePaceCheck } from "./pace.tsx";
import { QuotaMeters } from "./parts.tsx";
import { pairsOf, volumeOf } from "./volume.ts";

interface NewSessionsProps {
  readonly tenants: readonly Tenant[];
  readonly agents: readonly Agent[];
  readonly targets: readonly Target[];
  readonly sessions: readonly Session[];
  readonly close: () => void;
}

export function NewSessions({ tenants, agents, targets, sessions, close }: NewSessionsProps): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const format = useFormat();
  const toast = useToast();
  const service = useService<Session>();
  const [initial] = useState(() => ({
    tenantId:
      tenants.find((tenant) => targets.some((target) => target.tenantId === tenant.id))?.id ?? tenants[0]?.id ?? "",
    agents: [] as readonly string[],
    targets: [] as readonly string[],
    interval: "1",
    timeout: "3",
  }));
  const checkPace = usePaceCheck();
  const form = useForm({
    initial,
    check: (values) => ({
      ...(values.agents.length === 0 ? { agents: m("sessions.pickAgents") } : {}),
      ...(values.targets.length === 0 ? { targets: m("sessions.pickTargets") } : {}),
      ...checkPace(values),
    }),
    submit: async (values) => {
      let made = 0;
      const { fresh } = chosenPairs(values);
      try {
        for (const pair of fresh) {
          await service.mutateAsync({ method: "post", path: "/sessions", body: { ...pair, ...paceOf(values) } });
          made++;
        }
      } catch (cause) {
        if (made > 0 && cause instanceof ApiError)
          toast(m("sessions.partly", { n: made, total: fresh.length, reason: cause.detail }));
        throw cause;
      }
    },
    done: () => {
      toast(m("created"));
      close();
    },
  });
  const { values } = form;
  const tenant = tenants.find((each) => each.id === values.tenantId);
  const inTenant = {
    agents: agents.filter((each) => each.tenantId === values.tenantId && each.state !== "ended"),
    targets: targets.filter((each) => each.tenantId === values.tenantId),
  };
  function chosenPairs(of: typeof values) {
    const here = (id: string): boolean =>
      inTenant.agents.some((each) => each.id === id) || inTenant.targets.some((each) => each.id === id);
    return pairsOf(of.agents.filter(here), of.targets.filter(here), sessions);
  }
  const { fresh, known } = chosenPairs(values);
  const kinds = fresh.map((pair) => targets.find((each) => each.id === pair.targetId)?.probe.kind ?? "icmp");
  const volume = volumeOf(kinds, paceOf(values).interval ?? 1000);
  const room = tenant === undefined ? 0 : tenant.quota.sessions.limit - tenant.quota.sessions.used;
  const nothing = inTenant.agents.length === 0 || inTenant.targets.length === 0;
  return (
    <Dialog title={m("sessions.add")} close={close} wide>
      <Form form={form} action={m("sessions.create", { n: fresh.length })} cancel={close} label={m("sessions.add")}>
        {tenants.length > 1 && (
          <SelectField
            form={form}
            name="tenantId"
            label={t("tenant")}
            options={tenants.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {tenant !== undefined && <QuotaMeters quota={tenant.quota} only="sessions" />}
        {nothing && <p className="field-error">{m("sessions.none")}</p>}
        <CheckGroup
          form={form}
          name="agents"
          label={m("sessions.agents")}
          options={inTenant.agents.map(({ id, label }) => ({ value: id, label }))}
        />
        <CheckGroup
          form={form}
          name="targets"
          label={m("sessions.targets")}
          options={inTenant.targets.map(({ id, name, probe }) => ({ value: id, label: name, hint: tellProbe(probe) }))}
        />
        <PaceFields form={form} />
        <div className="ex-volume" role="status">
          {fresh.length > 0 && (
            <p>
              {m("sessions.volume", {
                n: format.number(fresh.length),
                samples: format.number(volume.samples),
                traffic: format.bytes(volume.traffic),
                stored: format.bytes(volume.stored),
              })}
            </p>
          )}
          {known > 0 && <p className="soft">{m("sessions.existing", { n: known })}</p>}
          {fresh.length > room && <p className="field-error">{m("sessions.over", { n: fresh.length - room })}</p>}
        </div>
      </Form>
    </Dialog>
  );
}
