/** Profile, retention and export of an organisation. */
import { useState, type ReactNode } from "react";
import type { Organisation } from "@yagura/server/shapes.ts";
import { api, type ApiError } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { shell } from "../../messages/shell.ts";
import { Button } from "../../parts/button.tsx";
import { Form, LanguageField, NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner, ErrorBox, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const here = useOrganisation();
  const organisation = useGet<Organisation>(here.api(""));
  return (
    <Frame title={t("settings.title")} narrow>
      <Loaded query={organisation} rows={10}>
        {(data) =>
          here.can("organisation.write") ? (
            <ProfileForm key={data.id} organisation={data} />
          ) : (
            <ProfileFacts organisation={data} />
          )
        }
      </Loaded>
      {here.can("organisation.export") ? <Export /> : null}
    </Frame>
  );
}

const zones = (): readonly string[] => Intl.supportedValuesOf("timeZone");

function ProfileFacts({ organisation }: { readonly organisation: Organisation }): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  return (
    <Facts
      facts={[
        { name: t("settings.name"), value: organisation.name },
        { name: t("settings.corporateNumber"), value: organisation.corporateNumber ?? "–" },
        { name: t("settings.zone"), value: organisation.timeZone },
        { name: t("settings.language"), value: organisation.language === "ja" ? "日本語" : "English" },
        { name: t("settings.retention"), value: `${format.number(organisation.retentionDays)} ${t("settings.days")}` },
      ]}
    />
  );
}

function ProfileForm({ organisation }: { readonly organisation: Organisation }): ReactNode {
  const t = useWords(officeWords);
  const say = useWords(shell);
  const format = useFormat();
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const before = organisation.retentionDays;
  const form = useForm({
    initial: {
      name: organisation.name,
      corporateNumber: organisation.corporateNumber ?? "",
      timeZone: organisation.timeZone,
      language: organisation.language,
      retentionDays: String(before),
    },
    rules: {
      name: { maxLength: 120 },
      corporateNumber: { pattern: /^[1-9][0-9]{12}$/, maxLength: 13, optional: true },
      retentionDays: { type: "integer", minimum: 1, maximum: 3660 },
    },
    submit: ({ name, corporateNumber, timeZone, language, retentionDays }) =>
      api.patch(here.api(""), {
        name: name.trim(),
        timeZone,
        language,
        retentionDays: Number(retentionDays),
        ...(corporateNumber === "" ? {} : { corporateNumber: corporateNumber.trim() }),
      }),
    done: () => {
      toast(say("saved"));
      refresh([here.api(""), "/api/v1/me"]);
    },
  });
  const days = Number(form.values.retentionDays);
  const shorter = Number.isInteger(days) && days > 0 && days < before;
  const zoneOptions = zones().includes(form.values.timeZone) ? zones() : [form.values.timeZone, ...zones()];
  return (
    <Section title={t("settings.profile")}>
      <Form form={form} action={say("save")} label={t("settings.profile")}>
        <TextField form={form} name="name" label={t("settings.name")} />
        {organisation.internal ? null : (
          <TextField
            form={form}
            name="corporateNumber"
            label={t("settings.corporateNumber")}
            hint={t("settings.corporateHint")}
            inputMode="numeric"
            mono
          />
        )}
        <SelectField
          form={form}
          name="timeZone"
          label={t("settings.zone")}
          hint={t("settings.zoneHint")}
          options={zoneOptions.map((zone) => ({ value: zone, label: zone }))}
        />
        <LanguageField form={form} label={t("settings.language")} />
        <NumberField
          form={form}
          name="retentionDays"
          label={t("settings.retention")}
          hint={t("settings.retentionHint")}
          unit={t("settings.days")}
        />
        {shorter ? (
          <Banner>
            {t("settings.shorter", {
              from: format.number(before),
              to: format.number(days),
              days: format.number(before - days),
            })}
          </Banner>
        ) : null}
      </Form>
    </Section>
  );
}

function Export(): ReactNode {
  const t = useWords(officeWords);
  const here = useOrganisation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.download(here.api("/export"), { method: "POST", name: `${here.name}.ndjson` });
    } catch (cause) {
      setError(cause as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("settings.export")} lead={t("settings.exportLead")}>
      <div className="stack">
        <Button icon="download" busy={busy} onClick={() => void run()}>
          {t("settings.exportRun")}
        </Button>
        {error === null ? null : <ErrorBox error={error} />}
      </div>
    </Section>
  );
}
