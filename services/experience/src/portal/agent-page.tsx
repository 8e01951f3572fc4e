/** One agent: its PC, contract and invitation, the device's health, its sessions worst first. */
import { useMemo, useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Banner, Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Columns, Facts, Page, Section, type Fact } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo, useParams } from "@yagura/portal/url-state.ts";
import type { Device } from "@yagura/devices/shapes.ts";
import type { Agent, Overview, SessionHealth } from "../wire/api.ts";
import { agentMark } from "./agent-state.ts";
import "./experience.css";
import { rankOf, useHealthColumns, useSettled, type Placed } from "./health.tsx";
import { ChangeAgentDialog, RemoveAgentDialog } from "./manage/agent-dialogs.tsx";
import { InviteDialog, useInvitationText, WithdrawDialog } from "./manage/invitation.tsx";
import { Reasons, scoreText } from "./session/summary.tsx";
import { SparkPattern } from "./spark.tsx";
import { tellCapability, tellCapabilityName } from "./tell.ts";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";
import { overviewWords } from "./words-overview.ts";

export function AgentPage(): ReactNode {
  const { agent: id = "" } = useParams();
  const t = useWords(words);
  const here = useOrganisation();
  const path = here.api(`/experience/agents/${id}`);
  const query = useGet<Agent>(path, undefined, { every: 30_000 });
  useLive(["device", "experience"], { refresh: [path, here.api("/devices")], gather: 3_000 });
  const up = { label: t("nav.agents"), href: here.path("experience/agents") };
  if (query.data !== undefined) return <Content agent={query.data} up={up} />;
  return (
    <Page title={t("title.agent")} up={up}>
      <Loaded query={query} height={420}>
        {() => null}
      </Loaded>
    </Page>
  );
}
export { AgentPage as Page };

type Act = "invite" | "withdraw" | "edit" | "remove";

function Content({
  agent,
  up,
}: {
  readonly agent: Agent;
  readonly up: { readonly label: string; readonly href: string };
}): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const o = useWords(overviewWords);
  const here = useOrganisation();
  const go = useGo();
  const [act, setAct] = useState<Act | null>(null);
  const close = (): void => setAct(null);
  const may = here.can("experience.write");
  const overview = useGet<Overview>(here.api("/experience/overview"), undefined, { every: 30_000 });
  const own = overview.data?.agents.find((each) => each.agent.id === agent.id);
  return (
    <Page
      title={agent.label}
      up={up}
      lead={agent.holder.name}
      mark={<StateMark state={agentMark(agent.state)} label={t(`agent.${agent.state}`)} />}
      actions={
        may && (
          <>
            <Button onClick={() => setAct("edit")}>{m("edit")}</Button>
            <Button kind="danger" onClick={() => setAct("remove")}>
              {m("remove")}
            </Button>
          </>
        )
      }
    >
      <Columns least={20}>
        <ContractCard agent={agent} />
        <InvitationCard agent={agent} may={may} show={setAct} />
        {own !== undefined && (
          <Card>
            <h2 className="ex-card-head">{t("score")}</h2>
            <StateMark state={own.score.state} label={scoreText(own.score, String)} />
            <Reasons score={own.score} />
          </Card>
        )}
      </Columns>
      <DeviceSection agent={agent} />
      <SessionsSection agent={agent} overview={overview.data} error={overview.error} />
      <p className="soft small ex-hint">{o("agent.end", { number: agent.contractNumber })}</p>
      {act === "invite" && <InviteDialog agent={agent} close={close} />}
      {act === "withdraw" && <WithdrawDialog agent={agent} close={close} />}
      {act === "edit" && <ChangeAgentDialog agent={agent} close={close} />}
      {act === "remove" && <RemoveAgentDialog agent={agent} close={close} done={() => go(up.href)} />}
    </Page>
  );
}

function ContractCard({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const format = useFormat();
  const started =
    agent.startedOn === null ? o("agent.notStarted") : o("agent.since", { day: format.day(agent.startedOn) });
  const ended = agent.endedOn === null ? "" : ` ${o("agent.until", { day: format.day(agent.endedOn) })}`;
  return (
    <Card>
      <h2 className="ex-card-head">{o("agent.contract")}</h2>
      <Facts
        facts={[
          {
            name: t("contractNumber"),
            value: <span className="figures">{agent.contractNumber}</span>,
            note: `${started}${ended}`,
          },
          {
            name: t("holder"),
            value: agent.holder.name,
            ...(agent.holder.mail === null ? {} : { note: agent.holder.mail }),
          },
          { name: t("lastSeen"), value: <When at={agent.lastSeenAt} ago /> },
        ]}
      />
    </Card>
  );
}

interface InvitationCardProps {
  readonly agent: Agent;
  readonly may: boolean;
  readonly show: (act: Act) => void;
}
function InvitationCard({ agent, may, show }: InvitationCardProps): ReactNode {
  const m = useWords(manageWords);
  const text = useInvitationText();
  const { invitation } = agent;
  return (
    <Card>
      <h2 className="ex-card-head">{m("invitation.title")}</h2>
      <p>{text(agent)}</p>
      {invitation !== null && invitation.sentTo !== null && (
        <p className="soft">{m("invitation.sentTo", { mail: invitation.sentTo })}</p>
      )}
      {may && agent.state !== "ended" && (
        <div className="ex-chips">
          <Button
            kind={agent.state === "waiting" && invitation?.state !== "open" ? "primary" : "plain"}
            onClick={() => show("invite")}
          >
            {m(invitation === null ? "invitation.send" : "invitation.reissue")}
          </Button>
          {invitation?.state === "open" && <Button onClick={() => show("withdraw")}>{m("invitation.revoke")}</Button>}
        </div>
      )}
    </Card>
  );
}

function DeviceSection({ agent }: { readonly agent: Agent }): ReactNode {
  const o = useWords(overviewWords);
  const here = useOrganisation();
  const query = useGet<Device>(here.api(`/devices/${agent.deviceId ?? ""}`), undefined, {
    enabled: agent.deviceId !== null && here.can("device.read"),
    every: 60_000,
  });
  if (agent.deviceId === null) {
    return (
      <Section title={o("agent.health")}>
        <p className="soft">{o("agent.noDevice")}</p>
      </Section>
    );
  }
  if (!here.can("device.read")) return null;
  return (
    <Section title={o("agent.health")}>
      <Loaded query={query} rows={4}>
        {(device) => <DeviceFacts device={device} />}
      </Loaded>
    </Section>
  );
}

function DeviceFacts({ device }: { readonly device: Device }): ReactNode {
  const o = useWords(overviewWords);
  const t = useWords(words);
  const { health } = device;
  const capabilities = Object.entries(health?.capabilities ?? {});
  return (
    <>
      {(health?.warnings ?? []).map((warning) => (
        <Banner key={warning}>{warning}</Banner>
      ))}
      <Columns least={20}>
        <Card>
          <Facts facts={useHealthFacts(device)} />
        </Card>
        <Card>
          <Facts facts={useIdentityFacts(device)} />
        </Card>
        {capabilities.length > 0 && (
          <Card>
            <h3 className="ex-card-head">{o("agent.capabilities")}</h3>
            <Facts
              facts={capabilities.map(([name, value]) => ({
                name: tellCapabilityName(name, t),
                value: tellCapability(value, t),
              }))}
            />
          </Card>
        )}
      </Columns>
    </>
  );
}

function useHealthFacts({ health, clock }: Device): Fact[] {
  const o = useWords(overviewWords);
  const format = useFormat();
  const facts: Fact[] = [];
  if (health !== null) {
    const { spool } = health;
    facts.push(
      { name: o("agent.cpu"), value: format.percent(health.cpu), note: o("agent.cpuNote") },
      { name: o("agent.memory"), value: format.bytes(health.memory) },
      {
        name: o("agent.spool"),
        value: format.bytes(spool.bytes),
        note: `${o("agent.spoolNote", { n: format.number(spool.batches), limit: format.bytes(spool.limit) })}${
          spool.dropped > 0 ? ` · ${o("agent.dropped", { n: spool.dropped })}` : ""
        }`,
      },
    );
  }
  if (clock !== null) {
    facts.push({
      name: o("agent.clock"),
      value: format.duration(clock.offset),
      note: o("agent.clockNote", { bound: format.duration(clock.bound) }),
    });
  }
  return facts;
}

function useIdentityFacts(device: Device): Fact[] {
  const o = useWords(overviewWords);
  const acknowledged = device.configurationAcknowledged;
  const behind = acknowledged !== device.configurationVersion;
  return [
    { name: o("agent.version"), value: `${device.program} ${device.version}` },
    { name: o("agent.hostname"), value: device.hostname },
    { name: o("agent.platform"), value: device.platform },
    { name: o("agent.address"), value: device.address },
    {
      name: o("agent.configuration"),
      value: behind
        ? o("agent.configurationBehind", { n: acknowledged ?? 0, next: device.configurationVersion })
        : o("agent.configurationOk", { n: device.configurationVersion }),
    },
  ];
}

interface SessionsSectionProps {
  readonly agent: Agent;
  readonly overview: Overview | undefined;
  readonly error: ReturnType<typeof useGet<Overview>>["error"];
}
const none: readonly SessionHealth[] = [];
function SessionsSection({ agent, overview, error }: SessionsSectionProps): ReactNode {
  const o = useWords(overviewWords);
  const here = useOrganisation();
  const own = useMemo(
    () => overview?.sessions.filter((each) => each.session.agentId === agent.id),
    [overview, agent.id],
  );
  const placed = useSettled(own ?? none, (each) => rankOf(each.session.id, each.score));
  const tenantName = useMemo(
    () => (id: string) => overview?.tenants.find((each) => each.tenant.id === id)?.tenant.name ?? "–",
    [overview],
  );
  const columns = useHealthColumns({ tenantName, agent: false });
  return (
    <Section title={o("agent.sessions")}>
      <SparkPattern />
      <DataTable<Placed<SessionHealth>>
        id="experience-agent-sessions"
        label={o("agent.sessions")}
        rows={own === undefined ? undefined : placed}
        error={error}
        columns={columns}
        rowKey={({ row }) => row.session.id}
        rowName={({ row }) => row.session.targetName}
        rowHref={({ row }) => here.path(`experience/sessions/${row.session.id}`)}
        sort="state"
        empty={<Empty title={o("agent.noSessions")} />}
      />
    </Section>
  );
}
