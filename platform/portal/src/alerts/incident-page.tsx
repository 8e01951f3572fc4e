/** One incident: is it bad, what changed against what was normal, what to do on the floor, and what happened since. */
import { useState, type ReactNode } from "react";
import type { IncidentDetail, IncidentEntry, IncidentFinding } from "@yagura/alerts/shapes.ts";
import { api } from "../api.ts";
import { useFormat, useLanguage, useWords } from "../language.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../parts/form.tsx";
import { Link } from "../parts/link.tsx";
import { ErrorBox, Loaded, Loading } from "../parts/notice.tsx";
import { Card, Facts, Page as Frame, Section } from "../parts/page.tsx";
import { useToast } from "../parts/toast.tsx";
import { When } from "../parts/when.tsx";
import { useChange, useGet, useRefresh } from "../queries.ts";
import { useLive, useOrganisation } from "../session.tsx";
import { useParams } from "../url-state.ts";
import type { Language } from "../words.ts";
import { channelName } from "./channel-name.ts";
import { SeverityMark } from "./parts.tsx";
import { useIncidentParts, useOpened } from "./services.ts";
import { words } from "./words.ts";

export function Page(): ReactNode {
  const { incident } = useParams();
  const here = useOrganisation();
  const path = here.api(`/alerts/${incident ?? ""}`);
  const query = useGet<IncidentDetail>(path);
  useLive(["alerts"], { refresh: [path] });
  return (
    <Loaded query={query} rows={12}>
      {(detail) => <Read told={detail} path={path} />}
    </Loaded>
  );
}

/** As this browser can read it. */
function Read({ told, path }: { readonly told: IncidentDetail; readonly path: string }): ReactNode {
  const detail = useOpened(told);
  return detail === undefined ? <Loading rows={12} /> : <Shown detail={detail} path={path} />;
}

function Shown({ detail, path }: { readonly detail: IncidentDetail; readonly path: string }): ReactNode {
  const t = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const { language } = useLanguage();
  const Tools = useIncidentParts()?.get(detail.service)?.Tools;
  return (
    <Frame
      title={`#${detail.number} ${detail.title}`}
      up={{ label: t("incidents"), href: here.path("alerts") }}
      mark={<SeverityMark severity={detail.severity} />}
      actions={
        <>
          {Tools === undefined ? null : <Tools incident={detail} />}
          {here.can("alert.write") ? <Acts detail={detail} path={path} /> : null}
        </>
      }
    >
      <Facts
        wide
        facts={[
          {
            name: t("state"),
            value: t(`state.${detail.state}`),
            ...(detail.closeReason === null ? {} : { note: t(`reason.${detail.closeReason}`) }),
          },
          { name: t("opened"), value: <When at={detail.openedAt} /> },
          {
            name: t("last"),
            value: <When at={detail.lastAt} ago />,
            ...(detail.endedAt === null ? {} : { note: t("ended") }),
          },
          { name: t("assignee"), value: detail.assignee ?? t("nobody") },
          { name: t("findings"), value: format.number(detail.findings) },
        ]}
      />
      {detail.worst.map((finding) => (
        <Finding key={finding.id} incident={detail} finding={finding} />
      ))}
      {detail.findings > detail.worst.length ? (
        <p className="soft">{t("more", { n: format.number(detail.findings - detail.worst.length) })}</p>
      ) : null}
      <Section title={t("timeline")}>
        <Facts facts={detail.entries.map((entry) => entryFact(entry, { t, language, instant: format.instant }))} />
      </Section>
    </Frame>
  );
}

interface FindingProps {
  readonly incident: IncidentDetail;
  readonly finding: IncidentFinding;
}
function Finding({ incident, finding }: FindingProps): ReactNode {
  const t = useWords(words);
  const Links = useIncidentParts()?.get(incident.service)?.Links;
  const format = useFormat();
  const line = (name: string, value: string): { name: string; value: string }[] =>
    value === "" ? [] : [{ name, value }];
  return (
    <Section
      title={finding.title}
      lead={`${format.instant(finding.since)} · ${t("times", { n: format.number(finding.times) })}`}
      actions={<SeverityMark severity={finding.severity} />}
    >
      <Card>
        <Facts
          facts={[
            ...line(t("normal"), finding.normal),
            ...line(t("changed"), finding.changed),
            ...line(t("advice"), finding.advice),
            ...(Links === undefined
              ? []
              : [{ name: t("about"), value: <Links incident={incident} finding={finding} /> }]),
            { name: t("sure"), value: format.percent(finding.confidence) },
            ...line(t("technique"), finding.techniques.join(", ")),
            ...(finding.evidence.length === 0
              ? []
              : [
                  {
                    name: t("evidence"),
                    value: (
                      <ul className="plain-list">
                        {finding.evidence.map(({ label, value, href }) => (
                          <li key={`${label} ${value}`}>
                            {label}: {href === undefined ? value : <Link href={href}>{value}</Link>}
                          </li>
                        ))}
                      </ul>
                    ),
                  },
                ]),
          ]}
        />
      </Card>
    </Section>
  );
}

type Say = ReturnType<typeof useWords<typeof words>>;
interface Saying {
  readonly t: Say;
  readonly language: Language;
  readonly instant: (at: string) => string;
}
function entryFact({ at, kind, by, detail }: IncidentEntry, { t, language, instant }: Saying) {
  const who = by === "system" ? t("system") : by;
  const { note, channels, to, reason } = detail;
  const more = [
    who,
    typeof reason === "string" ? t(`reason.${reason as "solved" | "expected" | "false-alarm" | "over"}`) : null,
    Array.isArray(channels) ? channels.map((name) => channelName(String(name), language)).join(", ") : null,
    typeof to === "string" ? to : null,
    typeof note === "string" ? note : null,
  ];
  return { name: instant(at), value: t(`entry.${kind}`), note: more.filter((part) => part !== null).join(" · ") };
}

function Acts({ detail, path }: { readonly detail: IncidentDetail; readonly path: string }): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const toast = useToast();
  const [open, setOpen] = useState<"close" | "note" | null>(null);
  const change = useChange((act: { verb: string; body: object }) => api.post(`${path}/${act.verb}`, act.body), {
    refresh: [path, here.api("/alerts")],
    done: (_, { verb }) => {
      if (verb === "acknowledge") toast(t("entry.acknowledged"));
    },
  });
  const act = (verb: string, body: object = {}) => change.mutate({ verb, body });
  return (
    <>
      {change.error === null ? null : <ErrorBox error={change.error} />}
      {detail.state === "open" ? (
        <Button kind="primary" busy={change.isPending} onClick={() => act("acknowledge")}>
          {t("take")}
        </Button>
      ) : null}
      {detail.state === "closed" ? (
        <Button onClick={() => act("reopen")}>{t("reopen")}</Button>
      ) : (
        <>
          <Button onClick={() => act("assign", { to: "me" })}>{t("take.me")}</Button>
          <Button onClick={() => setOpen("note")}>{t("note.add")}</Button>
          <Button onClick={() => setOpen("close")}>{t("close")}</Button>
        </>
      )}
      {open === "note" ? <NoteDialog path={path} close={() => setOpen(null)} /> : null}
      {open === "close" ? <CloseDialog path={path} close={() => setOpen(null)} /> : null}
    </>
  );
}

interface DialogProps {
  readonly path: string;
  readonly close: () => void;
}
function NoteDialog({ path, close }: DialogProps): ReactNode {
  const t = useWords(words);
  const refresh = useRefresh();
  const form = useForm({
    initial: { note: "" },
    rules: { note: { maxLength: 2_000 } },
    submit: ({ note }) => api.post(`${path}/notes`, { note: note.trim() }),
    done: () => {
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("note.add")} close={close}>
      <Form form={form} action={t("note.add")} cancel={close}>
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}

function CloseDialog({ path, close }: DialogProps): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const refresh = useRefresh();
  const form = useForm({
    initial: { reason: "solved", note: "" },
    rules: { note: { maxLength: 2_000, optional: true } },
    submit: ({ reason, note }) =>
      api.post(`${path}/close`, { reason, ...(note.trim() === "" ? {} : { note: note.trim() }) }),
    done: () => {
      refresh([path, here.api("/alerts")]);
      close();
    },
  });
  return (
    <Dialog title={t("close")} close={close}>
      <Form form={form} action={t("close")} cancel={close}>
        <SelectField
          form={form}
          name="reason"
          label={t("reason")}
          options={(["solved", "expected", "false-alarm", "over"] as const).map((reason) => ({
            value: reason,
            label: t(`reason.${reason}`),
          }))}
        />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}
