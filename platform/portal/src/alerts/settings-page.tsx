/** How an organisation is told of incidents: ways (mail, webhook, syslog) and the steps until somebody takes one. */
import { useState, type ReactNode } from "react";
import type { Channel, Policy } from "@yagura/alerts/shapes.ts";
import { api } from "../api.ts";
import { useLanguage, useWords } from "../language.tsx";
import { stateColumn, textColumn, whenColumn } from "../parts/columns.tsx";
import { Button } from "../parts/button.tsx";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { Empty, ErrorBox, Loaded } from "../parts/notice.tsx";
import { Page as Frame, Section } from "../parts/page.tsx";
import { DataTable } from "../parts/table.tsx";
import { useToast } from "../parts/toast.tsx";
import { useChange, useGet, useList, useRefresh } from "../queries.ts";
import { useOrganisation } from "../session.tsx";
import { channelName } from "./channel-name.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { PolicyDialog } from "./policy-dialog.tsx";
import { words } from "./words.ts";

export function Page(): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const channels = useList<Channel>(here.api("/alert-channels"));
  const policy = useGet<Policy>(here.api("/alert-policy"));
  const [open, setOpen] = useState(false);
  const may = here.can("alert-channel.write");
  return (
    <Frame title={t("settings")}>
      <Channels list={channels} may={may} />
      <Section
        title={t("policy")}
        lead={t("policy.lead")}
        actions={may ? <Button onClick={() => setOpen(true)}>{t("policy.change")}</Button> : undefined}
      >
        <Loaded query={policy} rows={2}>
          {(found) => (
            <>
              <Steps policy={found} channels={channels.rows ?? []} />
              {open ? (
                <PolicyDialog policy={found} channels={channels.rows ?? []} close={() => setOpen(false)} />
              ) : null}
            </>
          )}
        </Loaded>
      </Section>
    </Frame>
  );
}

function Steps({ policy, channels }: { readonly policy: Policy; readonly channels: readonly Channel[] }): ReactNode {
  const t = useWords(words);
  const { language } = useLanguage();
  const names = new Map(channels.map(({ id, name }) => [id, channelName(name, language)]));
  return (
    <ol className="plain-list">
      {policy.steps.map(({ after, channels: some, minimumSeverity }) => (
        <li key={after}>
          {after === 0 ? t("step.at0") : t("step.after", { n: String(after) })}
          {": "}
          {some.length === 0 ? t("step.all") : some.map((id) => names.get(id) ?? id).join(", ")} (
          {t("step.from", { severity: t(`severity.${minimumSeverity}`) })})
        </li>
      ))}
    </ol>
  );
}

const placeOf = (channel: Channel, members: string): string => {
  const { settings } = channel;
  if ("url" in settings) return settings.url;
  if ("host" in settings) return `${settings.transport}://${settings.host}:${settings.port} (${settings.format})`;
  return [...(settings.members ? [members] : []), ...settings.to].join(", ");
};

function Channels({
  list,
  may,
}: {
  readonly list: ReturnType<typeof useList<Channel>>;
  readonly may: boolean;
}): ReactNode {
  const t = useWords(words);
  const { language } = useLanguage();
  const called = ({ name }: Channel): string => channelName(name, language);
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const path = here.api("/alert-channels");
  const [open, setOpen] = useState<"new" | Channel | null>(null);
  const [gone, setGone] = useState<Channel | null>(null);
  const test = useChange((channel: Channel) => api.post(`${path}/${channel.id}/test`, {}), {
    refresh: [path],
    done: () => toast(t("channel.tested")),
  });
  const add = may ? (
    <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
      {t("channel.add")}
    </Button>
  ) : null;
  return (
    <Section title={t("channels")} lead={t("channels.lead")} actions={add}>
      {test.error === null ? null : <ErrorBox error={test.error} />}
      <DataTable<Channel>
        id="alert-channels"
        label={t("channels")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={called}
        sort="name"
        plain
        {...(may ? { onOpen: setOpen } : {})}
        rowActions={(row) =>
          may
            ? [
                { label: t("channel.test"), run: () => test.mutate(row) },
                { label: t("channel.change"), run: () => setOpen(row) },
                { label: t("channel.remove"), run: () => setGone(row), danger: true },
              ]
            : []
        }
        empty={
          <Empty title={t("channels.none")} action={add}>
            {t("channels.noneText")}
          </Empty>
        }
        columns={[
          textColumn("name", t("name"), called),
          textColumn("kind", t("kind"), (row) => t(`kind.${row.kind}`)),
          textColumn("where", t("where"), (row) => placeOf(row, t("members")), { fill: true }),
          textColumn("least", t("least"), (row) => t(`severity.${row.minimumSeverity}`)),
          stateColumn("health", t("health"), (row) =>
            !row.enabled
              ? { state: "unknown", label: t("health.off") }
              : row.lastError !== null
                ? { state: "bad", label: row.lastError }
                : row.lastSuccessAt === null
                  ? { state: "unknown", label: t("health.never") }
                  : { state: "good", label: t("health.good") },
          ),
          whenColumn("last", t("last"), (row) => row.lastSuccessAt, { hidden: true }),
        ]}
      />
      {open === null ? null : <ChannelDialog channel={open === "new" ? null : open} close={() => setOpen(null)} />}
      {gone === null ? null : (
        <ConfirmDialog
          title={`${t("channel.remove")}: ${called(gone)}`}
          consequences={[t("channel.remove.text")]}
          action={t("channel.remove")}
          close={() => setGone(null)}
          run={async () => {
            await api.delete(`${path}/${gone.id}`);
            refresh([path, here.api("/alert-policy")]);
          }}
        />
      )}
    </Section>
  );
}
