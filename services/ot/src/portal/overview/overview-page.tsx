/** The factory at a glance: is it well, what is not, since when; every number leads to its page. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Banner, Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Columns, Facts } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Overview, Sensor, Tally } from "../../wire/api.ts";
import { Bars } from "../parts/bars.tsx";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { RoleIcon } from "../role-icon.tsx";
import { sensorMarks } from "../sensors/marks.ts";
import { sensorWords } from "../sensors/words.ts";
import { severities } from "../severity.ts";
import { words } from "../words.ts";
import { Attention, type OfOverview } from "./attention.tsx";
import { Protocols } from "./protocols.tsx";
import { overviewWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(overviewWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <Sited
      title={w("nav.overview")}
      lead={t("lead")}
      renderActions={({ id }) => (
        <Link className="button button-plain" href={here.path(`ot/assessment?site=${id}`)}>
          {t("report")}
        </Link>
      )}
    >
      {({ id }) => <OfSite site={id} />}
    </Sited>
  );
}

function OfSite({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/overview");
  useLive(["ot.assets", "ot.findings", "ot.sensor", "ot.permit", "device"], { refresh: [path], gather: 2_000 });
  return (
    <Loaded query={useGet<Overview>(path, { site }, { every: 60_000, keep: true })} rows={12}>
      {(overview) =>
        overview.assets.total === 0 && overview.sensors.every(({ firstUploadAt }) => firstUploadAt === null) ? (
          <FirstRun />
        ) : (
          <Content overview={overview} site={site} />
        )
      }
    </Loaded>
  );
}

function FirstRun(): ReactNode {
  const t = useWords(overviewWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <Empty
      title={t("firstRun")}
      action={
        <Link className="button button-primary" href={here.path("ot/sensors")}>
          {w("toSensors")}
        </Link>
      }
    >
      {t("firstRunText")}
    </Empty>
  );
}

function Content({ overview, site }: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const format = useFormat();
  return (
    <>
      <FullList overview={overview} site={site} />
      <Attention overview={overview} site={site} />
      <Columns least={22}>
        <Findings overview={overview} site={site} />
        <Devices overview={overview} site={site} />
        <Sensors sensors={overview.sensors} />
        <Learning overview={overview} site={site} />
      </Columns>
      <Protocols overview={overview} site={site} />
      <p className="soft small figures">{t("updated", { time: `${format.time(overview.at)} ${format.zoneName}` })}</p>
    </>
  );
}

/** Share of the list from which on it is told that it fills. */
const NEARLY = 0.9;
function FullList({ overview: { assets }, site }: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const format = useFormat();
  const here = useOrganisation();
  const { listed, limit } = assets;
  if (listed < NEARLY * limit) return null;
  const full = listed >= limit;
  const figures = { n: format.number(listed), limit: format.number(limit) };
  return (
    <Banner state={full ? "bad" : "notice"} title={t(full ? "full" : "nearlyFull", figures)}>
      {t("fullText")} <Link href={here.path(`ot/assets?site=${site}`)}>{t("toDevices")}</Link>
    </Banner>
  );
}

const sum = (tally: Tally): number => severities.reduce((all, severity) => all + tally[severity], 0);

function Findings({ overview, site }: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const { open, days } = overview;
  return (
    <Card>
      <h2 className="ot-card-head">{t("findings")}</h2>
      <Facts
        wide
        facts={severities.map((severity) => ({
          name: w(`severity.${severity}`),
          value: (
            <Link href={here.path(`ot/findings?site=${site}&severity=${severity}`)}>
              {format.number(open[severity])}
            </Link>
          ),
        }))}
      />
      <h3 className="ot-card-sub">{t("findings.days")}</h3>
      <Bars
        caption={t("findings.days")}
        heads={[t("day"), ...severities.toReversed().map((severity) => w(`severity.${severity}`))]}
        bars={days.map(({ day, findings }) => ({
          id: day,
          name: day.slice(8),
          label: `${format.day(day)}: ${format.number(sum(findings))}`,
          parts: severities.toReversed().map((severity) => ({ name: severity, count: findings[severity] })),
        }))}
      />
    </Card>
  );
}

function Devices({ overview, site }: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const { assets } = overview;
  const link = (n: number, show: string): ReactNode => (
    <Link href={here.path(`ot/assets?site=${site}${show === "" ? "" : `&show=${show}`}`)}>{format.number(n)}</Link>
  );
  return (
    <Card>
      <h2 className="ot-card-head">{t("devices")}</h2>
      <Facts
        wide
        facts={[
          { name: t("total"), value: link(assets.total, "") },
          { name: t("active"), value: link(assets.active, "") },
          { name: t("appeared"), value: link(assets.appeared, "new") },
        ]}
      />
      <h3 className="ot-card-sub">{t("roles")}</h3>
      <ul className="ot-roles">
        {assets.roles.map(({ role, count }) => (
          <li key={role}>
            <RoleIcon role={role} />{" "}
            <Link href={here.path(`ot/assets?site=${site}&q=${encodeURIComponent(w(`role.${role}`))}`)}>
              {w(`role.${role}`)}
            </Link>{" "}
            <span className="figures">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Sensors({ sensors }: { readonly sensors: readonly Sensor[] }): ReactNode {
  const t = useWords(overviewWords);
  const s = useWords(sensorWords);
  const here = useOrganisation();
  const worst = sensors.toSorted((a, b) => sensorMarks[a.state].order - sensorMarks[b.state].order);
  return (
    <Card>
      <h2 className="ot-card-head">{t("sensors")}</h2>
      {worst.length === 0 ? <p className="soft">{t("noSensor")}</p> : null}
      <ul className="plain-list">
        {worst.map((sensor) => (
          <li key={sensor.id} className="ot-line-item">
            <Link href={here.path(`ot/sensors/${sensor.id}`)}>{sensor.label}</Link>
            <StateMark state={sensorMarks[sensor.state].state} label={s(`state.${sensor.state}`)} />
            <StateMark state={sensor.quality} label={`${s("quality")}: ${s(`quality.${sensor.quality}`)}`} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Learning({ overview, site }: OfOverview): ReactNode {
  const t = useWords(overviewWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const { assets, permits } = overview;
  return (
    <Card>
      <h2 className="ot-card-head">{w("nav.learning")}</h2>
      <p>
        <Link href={here.path(`ot/learning?site=${site}`)}>
          {assets.learning === 0
            ? t("learned")
            : t("learningText", { n: format.number(assets.learning), total: format.number(assets.total) })}
        </Link>
      </p>
      <h3 className="ot-card-sub">{t("permits")}</h3>
      <Facts
        wide
        facts={(["active", "planned"] as const).map((state) => ({
          name: t(`permits.${state}`),
          value: <Link href={here.path(`ot/permits?site=${site}`)}>{format.number(permits[state])}</Link>,
        }))}
      />
    </Card>
  );
}
