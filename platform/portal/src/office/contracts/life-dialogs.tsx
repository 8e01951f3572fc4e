/** Start, stop, resume and cancellation by the provider. */
import { useState, type ReactNode } from "react";
import type { Evidence } from "@yagura/commerce/applications/shapes.ts";
import type { CancellationAnswer } from "@yagura/commerce/contracts/shapes.ts";
import type { GroundUse } from "@yagura/commerce/charging/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm, type FormState } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { useGrounds } from "../offers.ts";
import { EvidenceField } from "../parts/upload.tsx";
import { contractWords } from "../words/contracts.ts";
import type { ActProps } from "./acts.tsx";

const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
const NOTE = { maxLength: 2000 };
const NAME = { maxLength: 120 };
const today = (): string => dayIn("Asia/Tokyo");
const noteOf = (text: string, name: "note" | "reason" | "delegate"): Record<string, string> =>
  text.trim() === "" ? {} : { [name]: text.trim() };

/** What every act ends with: it is told, and the pages about the contract load again. */
export function useActed(close: () => void): () => void {
  const t = useWords(contractWords);
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  return () => {
    toast(t("act.done"));
    refresh([here.api("/contracts"), here.api("/next-bill"), "/api/v1/provider"]);
    close();
  };
}

export function StartDialog({ path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const done = useActed(close);
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  const form = useForm({
    initial: { kind: "started", on: today(), delegate: "", note: "" },
    rules: { on: DAY, delegate: { ...NAME, optional: true }, note: { ...NOTE, optional: true } },
    submit: ({ kind, on, delegate, note }) =>
      api.post(`${path}/start`, {
        kind,
        on,
        ...noteOf(delegate, "delegate"),
        ...noteOf(note, "note"),
        evidence: files.map(({ id }) => id),
      }),
    done,
  });
  const kinds = ["started", "inspected", "opening", "installed"] as const;
  return (
    <Dialog title={t("act.start")} close={close}>
      <Form form={form} action={t("act.start")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("start.kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`start.${kind}`) }))}
        />
        <TextField form={form} name="on" label={t("on")} type="date" />
        <TextField form={form} name="delegate" label={t("start.delegate")} />
        <TextField form={form} name="note" label={t("note")} multiline />
        <EvidenceField path={here.api("/evidence")} label={t("transfer.evidence")} files={files} change={setFiles} />
      </Form>
    </Dialog>
  );
}

interface GroundProps {
  readonly form: FormState<never>;
  readonly service: string;
  readonly use: GroundUse;
}
/** Only grounds that the terms of the service know for this use. */
function GroundField({ form, service, use }: GroundProps): ReactNode {
  const t = useWords(contractWords);
  const say = useSay();
  const grounds = useGrounds(service, use);
  return (
    <SelectField
      form={form}
      name="ground"
      label={t("ground")}
      options={[
        { value: "", label: "–" },
        ...grounds.map((ground) => ({ value: ground.code, label: `${say(ground.text)}（${ground.article}）` })),
      ]}
    />
  );
}

export function StopDialog({ contract, path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const done = useActed(close);
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  const form = useForm({
    initial: { measure: "suspension", ground: "", reason: "", on: today(), until: "", emergency: false },
    rules: { ground: {}, reason: NOTE, on: DAY, until: DAY },
    submit: ({ measure, ground, reason, on, until, emergency }) =>
      api.post(`${path}/suspend`, {
        measure,
        ground,
        on,
        until,
        emergency,
        reason: reason.trim(),
        evidence: files.map(({ id }) => id),
      }),
    done,
  });
  const measures = ["suspension", "discontinuance"] as const;
  return (
    <Dialog title={t("act.stop")} close={close}>
      <ul className="consequences">
        <li>{t("stop.charges")}</li>
        <li>{t("stop.states")}</li>
      </ul>
      <Form form={form} action={t("act.stop")} kind="danger" cancel={close}>
        <SelectField
          form={form}
          name="measure"
          label={t("stop.measure")}
          options={measures.map((each) => ({ value: each, label: t(`stop.${each}`) }))}
        />
        <GroundField
          form={form as never}
          service={contract.service}
          use={form.values.measure === "suspension" ? "suspension" : "discontinuance"}
        />
        <TextField form={form} name="reason" label={t("reason")} multiline />
        <TextField form={form} name="on" label={t("on")} type="date" />
        <TextField form={form} name="until" label={t("stop.until")} type="date" />
        <CheckField form={form} name="emergency" label={t("stop.emergency")} />
        <EvidenceField path={here.api("/evidence")} label={t("transfer.evidence")} files={files} change={setFiles} />
      </Form>
    </Dialog>
  );
}

export function ResumeDialog({ path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const done = useActed(close);
  const form = useForm({
    initial: { on: today(), reason: "" },
    rules: { on: DAY, reason: { ...NOTE, optional: true } },
    submit: ({ on, reason }) => api.post(`${path}/resume`, { on, ...noteOf(reason, "reason") }),
    done,
  });
  return (
    <Dialog title={t("act.resume")} close={close}>
      <ul className="consequences">
        <li>{t("resume.text", { day: format.day(form.values.on) })}</li>
      </ul>
      <Form form={form} action={t("act.resume")} cancel={close}>
        <TextField form={form} name="on" label={t("on")} type="date" />
        <TextField form={form} name="reason" label={t("reason")} multiline />
      </Form>
    </Dialog>
  );
}

export function ProviderCancelDialog({ contract, path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const here = useOrganisation();
  const done = useActed(close);
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  const form = useForm({
    initial: { ground: "", reason: "", on: today(), fault: "customer", emergency: false },
    rules: { ground: {}, reason: NOTE, on: DAY },
    submit: ({ ground, reason, on, fault, emergency }) =>
      api.post(`${path}/provider-cancellation`, {
        ground,
        on,
        fault,
        emergency,
        reason: reason.trim(),
        evidence: files.map(({ id }) => id),
      }),
    done,
  });
  const faults = ["customer", "provider", "none"] as const;
  const { on, fault } = form.values;
  const ending = useGet<CancellationAnswer>(
    `${path}/simulate/cancellation`,
    { on },
    { enabled: DAY.pattern.test(on) && contract.serviceStartedOn !== null, keep: true },
  );
  return (
    <Dialog title={t("act.cancelByProvider")} close={close}>
      <ul className="consequences">
        <li>{t("provider.text")}</li>
        {fault === "customer" && ending.data !== undefined ? (
          <li>{t("provider.sum", { sum: format.yen(ending.data.sum) })}</li>
        ) : null}
      </ul>
      <Form form={form} action={t("act.cancelByProvider")} kind="danger" cancel={close}>
        <GroundField form={form as never} service={contract.service} use="cancellation-by-provider" />
        <TextField form={form} name="reason" label={t("reason")} multiline />
        <TextField form={form} name="on" label={t("on")} type="date" />
        <SelectField
          form={form}
          name="fault"
          label={t("provider.fault")}
          options={faults.map((each) => ({ value: each, label: t(`fault.${each}`) }))}
        />
        <CheckField form={form} name="emergency" label={t("provider.emergency")} />
        <EvidenceField path={here.api("/evidence")} label={t("transfer.evidence")} files={files} change={setFiles} />
      </Form>
    </Dialog>
  );
}
