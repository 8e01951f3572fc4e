/** One sensor: does it run, how well does it hear and which switch setting to look at, and its ledger. */
import { useState, type ReactNode } from "react";
import type { Static } from "typebox";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Facts, Page as Frame, Section } from "@yagura/portal/parts/page.tsx";
import { Secret } from "@yagura/portal/parts/secret.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useParams } from "@yagura/portal/url-state.ts";
import type { CaptureQuality, SensorDetail, SensorKey } from "../../wire/api.ts";
import { Bars } from "../parts/bars.tsx";
import { useChange, useGet, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { LedgerSection } from "./ledger-section.tsx";
import { sensorMarks } from "./marks.ts";
import { SensorDialog } from "./sensor-dialog.tsx";
import { sensorWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const { sensor = "" } = useParams();
  const here = useOrganisation();
  const path = here.api(`/ot/sensors/${sensor}`);
  useLive(["ot.assets", "ot.sensor", "device"], { refresh: [path] });
  return (
    <Loaded query={useGet<SensorDetail>(path, undefined, { every: 60_000 })} rows={10}>
      {(detail) => <Shown detail={detail} path={path} />}
    </Loaded>
  );
}

interface ShownProps {
  readonly detail: SensorDetail;
  readonly path: string;
}
function Shown({ detail, path }: ShownProps): ReactNode {
  const t = useWords(sensorWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { sensor, captures, ledger, hours } = detail;
  return (
    <Frame
      title={sensor.label}
      up={{ label: w("nav.sensors"), href: here.path("ot/sensors") }}
      mark={<StateMark state={sensorMarks[sensor.state].state} label={t(`state.${sensor.state}`)} />}
      actions={here.can("ot.write") ? <Acts detail={detail} path={path} /> : undefined}
    >
      <Facts
        wide
        facts={[
          { name: w("site"), value: sensor.siteName },
          { name: t("place"), value: sensor.place === "" ? "–" : sensor.place },
          { name: t("contract"), value: sensor.contractNumber },
          { name: t("firstUpload"), value: <When at={sensor.firstUploadAt} /> },
          { name: t("lastUpload"), value: <When at={sensor.lastUploadAt} ago /> },
          { name: t("version"), value: sensor.version ?? "–" },
          { name: t("interval"), value: `${sensor.uploadMs / 1000} ${t("seconds")}` },
          { name: t("clock"), value: <Clock offset={sensor.clockOffsetMs} /> },
          {
            name: t("tokens"),
            value: sensor.tokens === null ? t("tokens.plain") : t("tokens.key", { check: sensor.tokens }),
          },
        ]}
      />
      {hours.length === 0 ? null : (
        <Section title={t("hours")}>
          <Hours hours={hours} />
        </Section>
      )}
      <Section title={t("captures")}>
        {captures.length === 0 ? (
          <Empty title={t("noCapture")} />
        ) : (
          captures.map((capture) => <Capture key={capture.name} capture={capture} />)
        )}
      </Section>
      <LedgerSection ledger={ledger} label={sensor.label} path={path} />
    </Frame>
  );
}
/** Server minus sensor: a positive one means that the sensor's clock is behind. Less than a second is nothing. */
function Clock({ offset }: { readonly offset: number | null }): ReactNode {
  const t = useWords(sensorWords);
  const format = useFormat();
  if (offset === null) return "–";
  if (Math.abs(offset) < 1000) return t("clock.well");
  return t(offset > 0 ? "clock.behind" : "clock.ahead", { time: format.span(Math.abs(offset) / 1000) });
}
const HOUR = 3_600_000;
/** All of the last 24 hours: those without a packet too. */
function Hours({ hours }: Pick<SensorDetail, "hours">): ReactNode {
  const t = useWords(sensorWords);
  const format = useFormat();
  const [now] = useState(() => Math.floor(Date.now() / HOUR) * HOUR);
  const heard = new Map(hours.map(({ at, packets }) => [Math.floor(Date.parse(at) / HOUR) * HOUR, packets]));
  return (
    <Bars
      caption={t("hours.packets")}
      heads={[t("hours"), t("packets")]}
      bars={Array.from({ length: 24 }, (_, i) => now - (23 - i) * HOUR).map((at) => ({
        id: String(at),
        name: format.time(at, "minute").slice(0, 2),
        label: `${format.instant(at)}: ${format.number(heard.get(at) ?? 0)}`,
        parts: [{ name: "packets", count: heard.get(at) ?? 0 }],
      }))}
    />
  );
}

function Capture({ capture }: { readonly capture: CaptureQuality }): ReactNode {
  const t = useWords(sensorWords);
  const format = useFormat();
  const { language } = useLanguage();
  return (
    <Card className="ot-capture">
      <h3>{capture.name}</h3>
      <Facts
        wide
        facts={[
          { name: t("packets"), value: format.number(capture.packets) },
          { name: t("bytes"), value: format.bytes(capture.bytes) },
          { name: t("dropped"), value: format.number(capture.dropped) },
          { name: t("duplicates"), value: format.number(capture.duplicates) },
          { name: t("tagged"), value: format.number(capture.tagged) },
          { name: t("undissected"), value: capture.undissected === null ? "–" : format.percent(capture.undissected) },
        ]}
      />
      {capture.checks.length === 0 ? (
        <StateMark state="good" label={t("allWell")} />
      ) : (
        capture.checks.map(({ check, state, said, settings }) => (
          <div key={check} className="ot-check">
            <StateMark state={state} label={said[language]} />
            <Facts facts={settings.map(({ maker, text }) => ({ name: maker[language], value: text[language] }))} />
          </div>
        ))
      )}
    </Card>
  );
}

function Acts({ detail, path }: ShownProps): ReactNode {
  const t = useWords(sensorWords);
  const format = useFormat();
  const refresh = useRefresh();
  const [cutting, setCutting] = useState(false);
  const [editing, setEditing] = useState(false);
  const [key, setKey] = useState<Static<typeof SensorKey> | null>(null);
  const issue = useChange(() => api.post<Static<typeof SensorKey>>(`${path}/key`, {}), {
    refresh: [path],
    done: setKey,
  });
  const { sensor } = detail;
  if (sensor.state === "ended") return null;
  return (
    <>
      {issue.error === null ? null : <ErrorBox error={issue.error} />}
      <Button
        kind={sensor.state === "waiting" ? "primary" : "plain"}
        busy={issue.isPending}
        onClick={() => issue.mutate(undefined)}
      >
        {t("key")}
      </Button>
      <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
      {sensor.deviceId === null ? null : <Button onClick={() => setCutting(true)}>{t("cut")}</Button>}
      {editing ? <SensorDialog sensor={sensor} path={path} close={() => setEditing(false)} /> : null}
      {key === null ? null : (
        <Dialog title={t("key")} close={() => setKey(null)} wide>
          <Secret
            label={t("key.text")}
            text={key.command}
            note={`${t("key.until", { until: format.instant(key.expiresAt) })} ${t("key.again")}`}
          />
        </Dialog>
      )}
      {cutting ? (
        <ConfirmDialog
          title={t("cut")}
          consequences={[t("cut.text")]}
          action={t("cut")}
          close={() => setCutting(false)}
          run={async () => {
            await api.delete(`${path}/device`);
            refresh([path]);
          }}
        />
      ) : null}
    </>
  );
}
