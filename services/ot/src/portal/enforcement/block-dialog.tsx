/** Taking one device off the network: for how long and why, then what it means, then the act. Nothing is one click. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Banner, ErrorBox, Loaded, Loading } from "@yagura/portal/parts/notice.tsx";
import { useGet as usePlain, useRefresh } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetDetail, Impact } from "../../wire/api-assets.ts";
import { BLOCK_MINUTES, needsName, type Enforcement, type NewBlock } from "../../wire/api-enforcement.ts";
import { useGet } from "../queries.ts";
import { enforcementWords } from "./words.ts";

interface BlockDialogProps {
  readonly asset: string;
  readonly finding?: string;
  readonly close: () => void;
}
/** Devices named in the confirmation. */
const NAMED = 6;
const MINUTES = [15, 60, 240, 480, 1_440, 4_320, 10_080] as const;

export function BlockDialog({ asset, finding, close }: BlockDialogProps): ReactNode {
  const t = useWords(enforcementWords);
  const here = useOrganisation();
  const path = here.api(`/ot/assets/${asset}`);
  return (
    <Loaded query={useGet<AssetDetail>(path)} rows={0}>
      {(detail) => (
        <OfSite
          detail={detail}
          path={path}
          close={close}
          title={t("act")}
          {...(finding === undefined ? {} : { finding })}
        />
      )}
    </Loaded>
  );
}

interface OfDevice {
  readonly detail: AssetDetail;
  readonly path: string;
  readonly title: string;
  readonly finding?: string;
  readonly close: () => void;
}
function OfSite(props: OfDevice): ReactNode {
  const { detail, path, title, close } = props;
  const t = useWords(enforcementWords);
  const here = useOrganisation();
  const enforcement = usePlain<Enforcement>(here.api("/ot/enforcement"), { site: detail.asset.siteId });
  const impact = useGet<Impact>(`${path}/impact`);
  const plain = usePlain<AssetDetail>(path);
  const error = enforcement.error ?? impact.error ?? plain.error;
  if (enforcement.data === undefined || impact.data === undefined || plain.data === undefined)
    return (
      <Dialog title={title} close={close}>
        {error === null ? <Loading rows={4} /> : <ErrorBox error={error} />}
      </Dialog>
    );
  const means = enforcement.data.sensors.flatMap((sensor) => sensor.means ?? []);
  if (means.length === 0)
    return (
      <Dialog title={title} close={close}>
        <Banner state="notice" title={t("noMeans")}>
          {t("noMeansText")}
        </Banner>
      </Dialog>
    );
  const hours = Math.max(...means.map((one) => one.hours));
  return <Ask {...props} impact={impact.data} sent={plain.data} hours={hours} />;
}

interface AskProps extends OfDevice {
  readonly impact: Impact;
  /** As the server knows it: tokens, where the page shows what they stand for. */
  readonly sent: AssetDetail;
  readonly hours: number;
}
type Asked = Pick<NewBlock, "minutes" | "reason"> & { readonly mac: number };

function Ask(props: AskProps): ReactNode {
  const { detail, title, hours, close } = props;
  const t = useWords(enforcementWords);
  const format = useFormat();
  const [asked, setAsked] = useState<Asked | null>(null);
  const choices = MINUTES.filter((minutes) => minutes <= hours * 60);
  const form = useForm({
    initial: { mac: "0", minutes: String(Math.min(BLOCK_MINUTES.usual, choices.at(-1) ?? MINUTES[0])), reason: "" },
    rules: { reason: { maxLength: 500 } },
    submit: async ({ mac, minutes, reason }) =>
      setAsked({ mac: Number(mac), minutes: Number(minutes), reason: reason.trim() }),
  });
  if (asked !== null) return <Confirm {...props} asked={asked} />;
  const { macs } = detail.asset;
  return (
    <Dialog title={`${title}: ${detail.asset.name}`} close={close}>
      <Form form={form} action={t("next")} cancel={close}>
        {macs.length < 2 ? null : (
          <SelectField
            form={form}
            name="mac"
            label={t("mac")}
            options={macs.map((mac, i) => ({ value: String(i), label: mac }))}
          />
        )}
        <SelectField
          form={form}
          name="minutes"
          label={t("duration")}
          options={choices.map((minutes) => ({ value: String(minutes), label: format.span(minutes * 60) }))}
        />
        <TextField form={form} name="reason" label={t("reason")} hint={t("reasonHint")} multiline />
      </Form>
    </Dialog>
  );
}

function Confirm({
  detail,
  sent,
  impact,
  asked,
  path,
  title,
  finding,
  close,
}: AskProps & { readonly asked: Asked }): ReactNode {
  const t = useWords(enforcementWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  const { asset } = detail;
  const { direct, factory } = impact;
  const names = direct.slice(0, NAMED).map((one) => one.asset.name);
  const typed = needsName(asset.role, asset.criticality);
  return (
    <ConfirmDialog
      title={`${title}: ${asset.name}`}
      consequences={[
        t("confirm.what", {
          name: asset.name,
          mac: asset.macs[asked.mac] ?? "",
          span: format.span(asked.minutes * 60),
        }),
        direct.length === 0
          ? t("confirm.nobody")
          : t("confirm.dependents", {
              n: direct.length,
              names: names.join(", ") + (direct.length > NAMED ? " …" : ""),
            }),
        ...(factory > 0 ? [t("confirm.factory", { n: factory })] : []),
        t("confirm.undo"),
        t("confirm.floor"),
      ]}
      action={title}
      {...(typed ? { typed: asset.name } : {})}
      close={close}
      run={async () => {
        const body: NewBlock = {
          mac: sent.asset.macs[asked.mac] ?? "",
          minutes: asked.minutes,
          reason: asked.reason,
          dependents: direct.length,
          // The dialog lets nobody go on who has not typed it.
          ...(typed ? { confirmName: sent.asset.name } : {}),
          ...(finding === undefined ? {} : { findingId: finding }),
        };
        await api.post(`${path}/blocks`, body);
        refresh([path, here.api("/ot/enforcement")]);
      }}
    />
  );
}
