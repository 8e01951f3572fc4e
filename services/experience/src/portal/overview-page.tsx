/** The overview of an organisation: is it well, what is not, since when and why. Worst first. */
import { useMemo, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Columns, Page, Section } from "@yagura/portal/parts/page.tsx";
import { StateCounts, StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { Overview, SessionHealth } from "../wire/api.ts";
import { agoCell, scoreCell } from "./cells.tsx";
import "./experience.css";
import { rankOf, useHealthColumns, useSettled, type Placed } from "./health.tsx";
import { scoreText } from "./session/summary.tsx";
import { SparkPattern } from "./spark.tsx";
import { tellReasons } from "./tell.ts";
import { words } from "./words.ts";
import { overviewWords } from "./words-overview.ts";

/** Milliseconds between two loads of a busy overview: a large organisation's is megabytes, a small one's is nothing. */
const pauseFor = (sessions: number): number => Math.min(30_000, Math.max(2_000, sessions * 10));

export function OverviewPage(): ReactNode {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const format = useFormat();
  const here = useOrganisation();
  const path = here.api("/experience/overview");
  const query = useGet<Overview>(path, undefined, { every: 60_000 });
  useLive(["experience", "device"], { refresh: [path], gather: pauseFor(query.data?.sessions.length ?? 0) });
  const score = query.data?.score;
  return (
    <Page
      title={t("nav.overview")}
      lead={o("lead")}
      mark={
        score &&
        score.value !== null && (
          <StateMark state={score.state} label={`${t("score")} ${scoreText(score, format.number)}`} />
        )
      }
      actions={
        query.data && <span className="soft small figures">{o("updated", { time: format.time(query.data.at) })}</span>
      }
    >
      <Loaded query={query} height={480}>
        {(overview) => (overview.agents.length === 0 ? <FirstRun /> : <Content overview={overview} />)}
      </Loaded>
    </Page>
  );
}
export { OverviewPage as Page };

function FirstRun(): ReactNode {
  const o = useWords(overviewWords);
  const here = useOrganisation();
  return (
    <Empty
      title={o("empty.noAgents")}
      action={
        here.can("experience.write") && (
          <Link className="button button-primary" href={here.path("experience/agents?add=agent")}>
            {o("empty.invite")}
          </Link>
        )
      }
    >
      {o("empty.noAgentsText")}
    </Empty>
  );
}

function NoSessions(): ReactNode {
  const o = useWords(overviewWords);
  const here = useOrganisation();
  return (
    <Empty
      title={o("empty.noSessions")}
      action={
        here.can("experience.write") && (
          <span className="ex-chips">
            <Link className="button button-plain" href={here.path("experience/targets?add=target")}>
              {o("empty.makeTarget")}
            </Link>
            <Link className="button button-primary" href={here.path("experience/sessions?add=sessions")}>
              {o("empty.makeSessions")}
            </Link>
          </span>
        )
      }
    >
      {o("empty.noSessionsText")}
    </Empty>
  );
}

function Content({ overview }: { readonly overview: Overview }): ReactNode {
  return (
    <>
      <SparkPattern />
      <Answer overview={overview} />
      <Tenants overview={overview} />
      <Sessions overview={overview} />
      <Agents overview={overview} />
    </>
  );
}

/** The first question in one sentence, the worst thing in the next. */
function Answer({ overview }: { readonly overview: Overview }): ReactNode {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const s = useFormat();
  const total = overview.sessions.length;
  const troubled = overview.sessions.filter((each) => each.score.state !== "good");
  const worst = troubled[0];
  if (total === 0) return null;
  if (worst === undefined) return <p className="ex-answer">{o("well.all", { n: total })}</p>;
  const name = `${worst.session.agentLabel} → ${worst.session.targetName}`;
  return (
    <p className="ex-answer">
      {o("well.some", { n: troubled.length, total })}{" "}
      <SessionLink id={worst.session.id}>{o("worst", { name, why: tellReasons(worst.score, t, s, 2) })}</SessionLink>
    </p>
  );
}

function SessionLink({ id, children }: { readonly id: string; readonly children: ReactNode }): ReactNode {
  const here = useOrganisation();
  return <Link href={here.path(`experience/sessions/${id}`)}>{children}</Link>;
}

function Tenants({ overview }: { readonly overview: Overview }): ReactNode {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const format = useFormat();
  const placed = useSettled(overview.tenants, (each) => rankOf(each.tenant.id, each.score));
  return (
    <Section title={o("tenants")}>
      <Columns least={17}>
        {placed.map(({ row }) => (
          <Card key={row.tenant.id} className="ex-tenant">
            <h3>
              {row.tenant.name}{" "}
              <StateMark state={row.score.state} label={`${t("score")} ${scoreText(row.score, format.number)}`} />
            </h3>
            <span className="small">{tellReasons(row.score, t, format, 2)}</span>
            <span className="ex-strip">
              <StateCounts counts={row.sessions} />
            </span>
            <span className="soft small">{o("agents.counts", row.agents)}</span>
          </Card>
        ))}
      </Columns>
    </Section>
  );
}

function Sessions({ overview }: { readonly overview: Overview }): ReactNode {
  const o = useWords(overviewWords);
  const here = useOrganisation();
  const [tenant, setTenant] = useUrlState("tenant");
  const [state, setState] = useUrlState("state");
  const names = useMemo(
    () => new Map(overview.tenants.map((each) => [each.tenant.id, each.tenant.name])),
    [overview.tenants],
  );
  const tenantName = useMemo(() => (id: string) => names.get(id) ?? "–", [names]);
  const placed = useSettled(overview.sessions, (each) => rankOf(each.session.id, each.score));
  const rows = useMemo(
    () =>
      placed.filter(
        ({ row }) => (tenant === "" || row.session.tenantId === tenant) && (state === "" || row.score.state === state),
      ),
    [placed, tenant, state],
  );
  const columns = useHealthColumns({ tenantName });
  const filtered = rows.length < placed.length;
  return (
    <Section title={o("sessions")}>
      <DataTable<Placed<SessionHealth>>
        id="experience-overview"
        label={o("sessions")}
        rows={rows}
        columns={columns}
        rowKey={({ row }) => row.session.id}
        rowName={({ row }) => `${row.session.agentLabel} → ${row.session.targetName}`}
        sort="state"
        rowHref={({ row }) => here.path(`experience/sessions/${row.session.id}`)}
        empty={filtered ? <Filters {...{ overview, tenant, setTenant, state, setState }} /> : <NoSessions />}
        tools={<Filters {...{ overview, tenant, setTenant, state, setState }} />}
      />
    </Section>
  );
}

interface FiltersProps {
  readonly overview: Overview;
  readonly tenant: string;
  readonly setTenant: (value: string) => void;
  readonly state: string;
  readonly setState: (value: string) => void;
}
function Filters({ overview, tenant, setTenant, state, setState }: FiltersProps): ReactNode {
  const o = useWords(overviewWords);
  const states = useStates();
  return (
    <span className="ex-chips">
      {overview.tenants.length > 1 && (
        <select
          className="input ex-select"
          aria-label={o("filter.tenant")}
          value={tenant}
          onChange={(event) => setTenant(event.target.value)}
        >
          <option value="">{`${o("filter.tenant")}: ${o("filter.all")}`}</option>
          {overview.tenants.map((each) => (
            <option key={each.tenant.id} value={each.tenant.id}>
              {each.tenant.name}
            </option>
          ))}
        </select>
      )}
      <select
        className="input ex-select"
        aria-label={o("filter.state")}
        value={state}
        onChange={(event) => setState(event.target.value)}
      >
        <option value="">{`${o("filter.state")}: ${o("filter.all")}`}</option>
        {states.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}

function useStates(): readonly (readonly [string, string])[] {
  const o = useWords(overviewWords);
  return [
    ["bad", o("state.bad")],
    ["unknown", o("state.unknown")],
    ["notice", o("state.notice")],
    ["good", o("state.good")],
  ];
}

type AgentRow = Overview["agents"][number];
function Agents({ overview }: { readonly overview: Overview }): ReactNode {
  const t = useWords(words);
  const o = useWords(overviewWords);
  const format = useFormat();
  const here = useOrganisation();
  const placed = useSettled(overview.agents, (each) => rankOf(each.agent.id, each.score));
  const columns = useMemo(
    (): readonly Column<Placed<AgentRow>>[] => [
      {
        id: "state",
        head: t("score"),
        text: ({ row }) => row.score.value ?? row.score.state,
        sort: ({ place }) => place,
        cell: ({ row }) => scoreCell(row.score, format),
        width: "5.5rem",
      },
      { id: "label", head: t("label"), text: ({ row }) => row.agent.label, cell: ({ row }) => row.agent.label },
      {
        id: "holder",
        head: t("holder"),
        text: ({ row }) => row.agent.holder.name,
        cell: ({ row }) => row.agent.holder.name,
      },
      {
        id: "connection",
        head: t("state"),
        text: ({ row }) => t(`agent.${row.agent.state}`),
        cell: ({ row }) => t(`agent.${row.agent.state}`),
      },
      {
        id: "why",
        head: t("why"),
        text: ({ row }) => tellReasons(row.score, t, format),
        cell: ({ row }) => tellReasons(row.score, t, format, 2),
      },
      {
        id: "sessions",
        head: t("session"),
        align: "end",
        text: ({ row }) => row.agent.sessions,
        cell: ({ row }) => format.number(row.agent.sessions),
        width: "6rem",
      },
      {
        id: "seen",
        head: t("lastSeen"),
        text: ({ row }) => row.agent.lastSeenAt,
        cell: ({ row }) => agoCell(row.agent.lastSeenAt),
        width: "9rem",
      },
    ],
    [t, format],
  );
  return (
    <Section title={o("agents")}>
      <DataTable<Placed<AgentRow>>
        id="experience-overview-agents"
        urlKey="a."
        label={o("agents")}
        rows={placed}
        columns={columns}
        rowKey={({ row }) => row.agent.id}
        rowName={({ row }) => row.agent.label}
        sort="state"
        rowHref={({ row }) => here.path(`experience/agents/${row.agent.id}`)}
        empty={null}
      />
    </Section>
  );
}
