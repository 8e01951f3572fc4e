/** Adds or changes a way of being told. The key of a new webhook is shown once. */
import { useState, type ReactNode } from "react";
import type { Channel, MadeChannel, NewChannel } from "@yagura/alerts/shapes.ts";
import { api } from "../api.ts";
import { useLanguage, useWords } from "../language.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { CheckField, Form, LanguageField, NumberField, SelectField, TextField, useForm } from "../parts/form.tsx";
import { Secret } from "../parts/secret.tsx";
import { useRefresh } from "../queries.ts";
import { useOrganisation } from "../session.tsx";
import { channelName } from "./channel-name.ts";
import { severities } from "./parts.tsx";
import { words } from "./words.ts";

type Severity = Channel["minimumSeverity"];
const kinds = ["mail", "webhook", "syslog"] as const;
const lines = (text: string): string[] => text.split(/[\s,]+/).filter((line) => line !== "");

function initialOf(channel: Channel | null, language: "ja" | "en") {
  const settings = channel?.settings;
  const mail = settings !== undefined && "members" in settings ? settings : null;
  const syslog = settings !== undefined && "host" in settings ? settings : null;
  return {
    kind: (channel?.kind ?? "mail") as string,
    name: channelName(channel?.name ?? "", language),
    members: mail?.members ?? true,
    to: mail?.to.join("\n") ?? "",
    url: settings !== undefined && "url" in settings ? settings.url : "",
    host: syslog?.host ?? "",
    port: String(syslog?.port ?? 6514),
    transport: (syslog?.transport ?? "tls") as string,
    format: (syslog?.format ?? "rfc5424") as string,
    minimumSeverity: (channel?.minimumSeverity ?? "bad") as string,
    language: (channel?.language ?? language) as string,
    enabled: channel?.enabled ?? true,
  };
}
type Values = ReturnType<typeof initialOf>;

/** What is asked of the server. */
export function channelOf(values: Values, services: readonly string[]): NewChannel {
  const common = {
    name: values.name.trim(),
    minimumSeverity: values.minimumSeverity as Severity,
    services: [...services],
    language: values.language as "ja" | "en",
    enabled: values.enabled,
  };
  if (values.kind === "webhook") return { ...common, kind: "webhook", settings: { url: values.url.trim() } };
  if (values.kind === "syslog")
    return {
      ...common,
      kind: "syslog",
      settings: {
        host: values.host.trim(),
        port: Number(values.port),
        transport: values.transport as "udp" | "tcp" | "tls",
        format: values.format as "rfc5424" | "cef",
      },
    };
  return { ...common, kind: "mail", settings: { members: values.members, to: lines(values.to) } };
}

interface ChannelDialogProps {
  readonly channel: Channel | null;
  readonly close: () => void;
}
export function ChannelDialog({ channel, close }: ChannelDialogProps): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const refresh = useRefresh();
  const { language } = useLanguage();
  const [key, setKey] = useState<string | null>(null);
  const path = here.api("/alert-channels");
  const form = useForm({
    initial: initialOf(channel, language),
    rules: ({ kind }) => ({
      name: { maxLength: 120 },
      to: { maxLength: 4_000, optional: true },
      url: { maxLength: 2_000, optional: kind !== "webhook" },
      host: { maxLength: 253, optional: kind !== "syslog" },
      port: { optional: kind !== "syslog" },
    }),
    submit: async (values) => {
      const body = channelOf(values, channel?.services ?? []);
      if (channel === null) setKey((await api.post<MadeChannel>(path, body)).key);
      else await api.put(`${path}/${channel.id}`, body);
    },
    done: () => {
      refresh([path, here.api("/alert-policy")]);
      if (channel !== null || form.values.kind !== "webhook") close();
    },
  });
  const title = t(channel === null ? "channel.add" : "channel.change");
  if (key !== null)
    return (
      <Dialog title={title} close={close}>
        <Secret label={t("channel.key")} text={key} note={t("channel.keyNote")} />
        <div className="dialog-actions">
          <Button kind="primary" onClick={close}>
            {t("save")}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("kind")}
          disabled={channel !== null}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <TextField form={form} name="name" label={t("name")} />
        <Place form={form} known={channel !== null} />
        <SelectField
          form={form}
          name="minimumSeverity"
          label={t("least")}
          options={severities.map((each) => ({ value: each, label: t(`severity.${each}`) }))}
        />
        <LanguageField form={form} label={t("language")} />
        <CheckField form={form} name="enabled" label={t("enabled")} />
      </Form>
    </Dialog>
  );
}

interface PlaceProps {
  readonly form: ReturnType<typeof useForm<Values>>;
  /** It is there already: its address is not shown whole. */
  readonly known: boolean;
}
function Place({ form, known }: PlaceProps): ReactNode {
  const t = useWords(words);
  const { kind } = form.values;
  if (kind === "webhook")
    return (
      <TextField form={form} name="url" label={t("url")} type="url" {...(known ? { hint: t("url.hidden") } : {})} />
    );
  if (kind === "syslog")
    return (
      <>
        <TextField form={form} name="host" label={t("host")} />
        <NumberField form={form} name="port" label={t("port")} />
        <SelectField
          form={form}
          name="transport"
          label={t("transport")}
          options={["tls", "tcp", "udp"].map((value) => ({ value, label: value.toUpperCase() }))}
        />
        <SelectField
          form={form}
          name="format"
          label={t("format")}
          options={(["rfc5424", "cef"] as const).map((value) => ({ value, label: t(`format.${value}`) }))}
        />
      </>
    );
  return (
    <>
      <CheckField form={form} name="members" label={t("members")} />
      <TextField form={form} name="to" label={t("to")} multiline />
    </>
  );
}
