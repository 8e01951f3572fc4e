/** Changes of terms: published with their day, and what each customer was shown and answered (COM-22). */
import { useState, type ReactNode } from "react";
import type { ConsentItem, NewTermsChange, NoticeCheck, TermsChangeItem } from "@yagura/commerce/notices/shapes.ts";
import type { TermsItem } from "@yagura/commerce/terms/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Empty } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAll, useList, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { providerApi, useServiceName } from "../data.ts";
import { countColumn, dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { letterWords } from "../words/letters.ts";

const CHANGES = providerApi("/terms-changes");
const TERMS = providerApi("/terms");

export function TermsChanges(): ReactNode {
  const t = useWords(letterWords);
  const say = useSay();
  const nameOf = useServiceName();
  const { can } = useProvider();
  const list = useList<TermsChangeItem>(CHANGES);
  const [open, setOpen] = useState<"new" | TermsChangeItem | null>(null);
  const make = can("terms.write") ? <Button onClick={() => setOpen("new")}>{t("publish")}</Button> : null;
  return (
    <Section title={t("tab.changes")} actions={make}>
      <DataTable<TermsChangeItem>
        id="published-changes"
        label={t("tab.changes")}
        urlKey="c"
        plain
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.code}
        onOpen={setOpen}
        sort="-effective"
        empty={<Empty title={t("changes.none")}>{t("publish.noneText")}</Empty>}
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("code", t("changes.code"), (row) => row.code),
          textColumn("subject", t("col.subject"), (row) => say(row.subject), { fill: true }),
          dayColumn("effective", t("changes.effective"), (row) => row.effectiveOn),
          whenColumn("published", t("publish.at"), (row) => row.publishedAt),
          countColumn("shown", t("publish.shown"), (row) => row.shown),
          countColumn("consented", t("publish.consented"), (row) => row.consented),
          countColumn("dissented", t("publish.dissented"), (row) => row.dissented),
        ]}
      />
      {open === "new" ? <PublishDialog close={() => setOpen(null)} /> : null}
      {open === null || open === "new" ? null : <ConsentsDialog change={open} close={() => setOpen(null)} />}
    </Section>
  );
}

const answers = { shown: "notice", consented: "good", dissented: "bad" } as const;
function ConsentsDialog({
  change,
  close,
}: {
  readonly change: TermsChangeItem;
  readonly close: () => void;
}): ReactNode {
  const t = useWords(letterWords);
  const say = useSay();
  const list = useAll<ConsentItem>(`${CHANGES}/${change.id}/consents`);
  return (
    <Dialog title={say(change.subject)} close={close} wide>
      <DataTable<ConsentItem>
        id={`consents-${change.code}`}
        label={t("publish.answers")}
        urlKey="a"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.organisationName}
        sort="state"
        empty={<Empty title={t("publish.nobody")} />}
        columns={[
          textColumn("customer", t("col.customer"), (row) => row.organisationName, { fill: true }),
          stateColumn("state", t("col.state"), (row) => ({
            state: answers[row.state],
            label: t(`changeState.${row.state}`),
          })),
          textColumn("ground", t("publish.ground"), (row) => (row.ground === null ? null : t(`ground.${row.ground}`))),
          whenColumn("shownAt", t("publish.shownAt"), (row) => row.shownAt),
          whenColumn("readAt", t("col.read"), (row) => row.readAt),
        ]}
      />
    </Dialog>
  );
}

type Check = Static<typeof NoticeCheck>;
/** The versions that are to come can be published; lead time and recipients are checked first. */
function PublishDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(letterWords);
  const say = useSay();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const nameOf = useServiceName();
  const versions = useList<TermsItem>(TERMS);
  const [shown, setShown] = useState<{ readonly of: string; readonly check: Check } | null>(null);
  const form = useForm({
    initial: { version: "", channel: "web", subjectJa: "", subjectEn: "", bodyJa: "", bodyEn: "" },
    rules: {
      version: {},
      subjectJa: { maxLength: 200 },
      subjectEn: { maxLength: 200 },
      bodyJa: { maxLength: 20_000 },
      bodyEn: { maxLength: 20_000 },
    },
    submit: async ({ version, channel, subjectJa, subjectEn, bodyJa, bodyEn }) => {
      const [service = "", code = ""] = version.split("/");
      const body: Static<typeof NewTermsChange> = {
        service,
        code,
        channel: channel as "web" | "post" | "mail" | "other",
        subject: { ja: subjectJa.trim(), en: subjectEn.trim() },
        body: { ja: bodyJa, en: bodyEn },
      };
      const of = JSON.stringify(body);
      const looked = shown?.of === of;
      const check = await api.post<Check>(CHANGES, { ...body, dryRun: !looked });
      if (!looked) return setShown({ of, check });
      toast(t("new.done", { n: format.number(check.given) }));
      refresh([CHANGES, providerApi("/notices")]);
      return close();
    },
  });
  const channels = ["web", "mail", "post", "other"] as const;
  return (
    <Dialog title={t("publish")} close={close} wide>
      <Form
        form={form}
        action={shown === null ? t("new.check") : t("new.send", { n: shown.check.recipients })}
        cancel={close}
      >
        <SelectField
          form={form}
          name="version"
          label={t("changes.code")}
          options={[
            { value: "", label: "–" },
            ...(versions.rows ?? [])
              .filter((each) => each.from !== null)
              .map((each) => ({
                value: `${each.service}/${each.code}`,
                label: `${nameOf(each.service)} ${each.code} (${format.day(each.from)})`,
              })),
          ]}
        />
        <SelectField
          form={form}
          name="channel"
          label={t("col.channel")}
          options={channels.map((each) => ({ value: each, label: t(`channel.${each}`) }))}
        />
        <TextField form={form} name="subjectJa" label={t("new.subjectJa")} />
        <TextField form={form} name="subjectEn" label={t("new.subjectEn")} />
        <TextField form={form} name="bodyJa" label={t("new.bodyJa")} multiline />
        <TextField form={form} name="bodyEn" label={t("new.bodyEn")} multiline />
        {shown === null ? null : (
          <Banner state="good">
            <p>
              {t("new.rule", {
                rule: shown.check.rule,
                name: say(shown.check.ruleName),
                n: format.number(shown.check.recipients),
              })}
            </p>
            {shown.check.earliestOn === null ? null : (
              <p>{t("new.earliest", { day: format.day(shown.check.earliestOn) })}</p>
            )}
          </Banner>
        )}
      </Form>
    </Dialog>
  );
}
