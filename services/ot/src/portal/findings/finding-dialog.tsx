/** One finding: what was normal, what changed, what to do on the floor; and the decision. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Facts } from "@yagura/portal/parts/page.tsx";
import { useRefresh } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { FindingView } from "../../wire/api-findings.ts";
import { useOthers } from "../norms/others.tsx";
import { AssetList } from "../parts/asset-link.tsx";
import { instantOf, localTime } from "../parts/zoned-time.ts";
import { BlockDialog } from "../enforcement/block-dialog.tsx";
import { enforcementWords } from "../enforcement/words.ts";
import { sentencesOf } from "./sentences.ts";
import { findingWords } from "./words.ts";

interface FindingDialogProps {
  readonly finding: FindingView;
  readonly close: () => void;
}
/** Devices of a finding that can be taken off the network from it. */
const CHOICES = 4;
type Act = "approve" | "mute" | "close" | "block";

export function FindingDialog({ finding, close }: FindingDialogProps): ReactNode {
  const t = useWords(findingWords);
  const here = useOrganisation();
  const { language } = useLanguage();
  const [act, setAct] = useState<Act | null>(null);
  const e = useWords(enforcementWords);
  const [blocking, setBlocking] = useState<string | null>(null);
  const said = sentencesOf(finding, language);
  const mayBlock = here.can("ot.enforce") && finding.assets.length > 0;
  if (blocking !== null) return <BlockDialog asset={blocking} finding={finding.id} close={close} />;
  const may = here.can("ot.write") && finding.state === "open";
  return (
    <Dialog title={said.title} close={close} wide>
      <About finding={finding} />
      {may && act === null ? (
        <div className="dialog-actions">
          <Button onClick={() => setAct("approve")}>{t("approve")}</Button>
          <Button onClick={() => setAct("mute")}>{t("mute")}</Button>
          {mayBlock ? <Button onClick={() => setAct("block")}>{e("act")}</Button> : null}
          <Button kind="primary" onClick={() => setAct("close")}>
            {t("close")}
          </Button>
        </div>
      ) : null}
      {act === "block" ? (
        <div className="dialog-actions">
          {finding.assets.slice(0, CHOICES).map(({ id, name }) => (
            <Button key={id} onClick={() => setBlocking(id)}>
              {e("act.of", { name })}
            </Button>
          ))}
        </div>
      ) : null}
      {act === "mute" ? <MuteForm finding={finding} close={close} /> : null}
      {act === "approve" || act === "close" ? <DecideForm finding={finding} act={act} close={close} /> : null}
    </Dialog>
  );
}

function About({ finding }: { readonly finding: FindingView }): ReactNode {
  const t = useWords(findingWords);
  const format = useFormat();
  const here = useOrganisation();
  const { language } = useLanguage();
  const { normal, changed, advice } = sentencesOf(finding, language);
  const others = useOthers(finding.id);
  const line = (name: string, value: ReactNode) => (value === "" || value === null ? [] : [{ name, value }]);
  return (
    <Facts
      facts={[
        ...line(t("normal"), normal),
        ...line(t("changed"), changed),
        ...others,
        ...line(t("advice"), advice),
        {
          name: t("devices"),
          value: finding.assets.length === 0 ? "–" : <AssetList assets={finding.assets} />,
        },
        { name: t("sure"), value: format.percent(finding.confidence) },
        ...line(t("technique"), finding.techniques.join(", ")),
        {
          name: t("since"),
          value: format.instant(finding.since),
          note: `${t("last")}: ${format.instant(finding.lastAt)}`,
        },
        { name: t("state"), value: t(`state.${finding.state}`) },
        ...line(
          t("permit"),
          finding.permitId === null ? null : (
            <Link href={here.path(`ot/permits/${finding.permitId}`)}>{t("toPermit")}</Link>
          ),
        ),
        ...finding.evidence.map(({ label, value }) => ({ name: label, value })),
        ...(finding.decided === null
          ? []
          : [
              {
                name: t("decided"),
                value: finding.decided.by.replace(/^user:/, ""),
                note: `${format.instant(finding.decided.at)} ${finding.decided.reason}`,
              },
            ]),
      ]}
    />
  );
}

function useDone(close: () => void): () => void {
  const here = useOrganisation();
  const refresh = useRefresh();
  return () => {
    refresh([here.api("/ot/findings"), here.api("/ot/overview")]);
    close();
  };
}

function DecideForm({ finding, act, close }: FindingDialogProps & { readonly act: "approve" | "close" }): ReactNode {
  const t = useWords(findingWords);
  const here = useOrganisation();
  const form = useForm({
    initial: { reason: "" },
    rules: { reason: { maxLength: 500, optional: true } },
    submit: ({ reason }) =>
      api.post(here.api(`/ot/findings/${finding.id}/${act}`), reason.trim() === "" ? {} : { reason: reason.trim() }),
    done: useDone(close),
  });
  return (
    <Form form={form} action={t(act)} cancel={close}>
      <TextField form={form} name="reason" label={t("reason")} multiline />
    </Form>
  );
}

const DAY = 86_400_000;
const inAWeek = (zone: string): string => localTime(Date.now() + 7 * DAY, zone).slice(0, 10);
function MuteForm({ finding, close }: FindingDialogProps): ReactNode {
  const t = useWords(findingWords);
  const here = useOrganisation();
  const [until] = useState(() => inAWeek(here.zone));
  const form = useForm({
    initial: { reason: "", until, scope: "same" },
    rules: { reason: { maxLength: 500 }, until: {} },
    submit: (values) =>
      api.post(here.api(`/ot/findings/${finding.id}/mute`), {
        reason: values.reason.trim(),
        until: instantOf(`${values.until}T23:59:59`, here.zone),
        scope: values.scope,
      }),
    done: useDone(close),
  });
  return (
    <Form form={form} action={t("mute")} cancel={close}>
      <TextField form={form} name="reason" label={t("mute.reason")} />
      <TextField form={form} name="until" type="date" label={t("mute.until")} />
      <SelectField
        form={form}
        name="scope"
        label={t("mute.scope")}
        options={(["same", "asset", "kind"] as const).map((scope) => ({ value: scope, label: t(`mute.${scope}`) }))}
      />
    </Form>
  );
}
