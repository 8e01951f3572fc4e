/** Hours by activity and the closed days of a year (COM-16). */
import { useState, type ReactNode } from "react";
import type { ActivityItem, ClosedDayItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useUrlState } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useServiceName } from "../data.ts";
import { dayColumn, textColumn } from "../../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { ruleWords } from "../words/rules.ts";
import { HoursDialog } from "./hours-dialog.tsx";
import { CALENDARS } from "./paths.ts";
import { useRangeColumns } from "./range-columns.tsx";

interface Calendar {
  readonly activities: readonly ActivityItem[];
  readonly closedDays: readonly ClosedDayItem[];
}

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const n = useWords(navWords);
  const thisYear = dayIn("Asia/Tokyo").slice(0, 4);
  const [year, setYear] = useUrlState("year", thisYear);
  const query = useGet<Calendar>(CALENDARS, { year }, { keep: true });
  const years = Array.from({ length: 5 }, (_, step) => String(Number(thisYear) + 2 - step));
  return (
    <Frame title={n("calendars")} lead={t("cal.lead")}>
      <Section title={t("cal.hours")}>
        <Hours rows={query.data?.activities} error={query.error} />
      </Section>
      <Section title={t("cal.closedDays")}>
        <ClosedDays
          rows={query.data?.closedDays}
          error={query.error}
          tools={
            <label className="choice">
              <span className="small soft">{t("cal.year")}</span>
              <select className="input" value={year} onChange={(event) => setYear(event.target.value)}>
                {years.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
          }
        />
      </Section>
    </Frame>
  );
}

type Problem = ReturnType<typeof useGet>["error"];
interface ListProps<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly error: Problem;
}

function Hours({ rows, error }: ListProps<ActivityItem>): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const nameOf = useServiceName();
  const { can } = useProvider();
  const ranges = useRangeColumns<ActivityItem>();
  const [open, setOpen] = useState<ActivityItem | null>(null);
  const days = (row: ActivityItem): string => row.weekdays.map((day) => t(`weekday.${day as 1}`)).join(" ");
  return (
    <>
      <DataTable<ActivityItem>
        id="hours"
        label={t("cal.hours")}
        urlKey="h"
        rows={rows}
        error={error}
        rowKey={(row) => `${row.service} ${row.activity} ${row.from ?? ""}`}
        rowName={(row) => say(row.name)}
        sort="service"
        {...(can("terms.write") ? { onOpen: setOpen } : {})}
        empty={<Empty title={t("settings.none")}>{t("settings.noneText")}</Empty>}
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("activity", t("cal.activity"), (row) => say(row.name)),
          textColumn("days", t("cal.days"), days),
          textColumn("time", t("cal.time"), (row) => `${row.opens}–${row.closes}`),
          textColumn("closed", t("cal.closedOn"), (row) => row.closedOn.map((kind) => t(`closed.${kind}`)).join(" / ")),
          ...ranges,
        ]}
      />
      {open === null ? null : (
        <HoursDialog
          service={open.service}
          activity={open.activity}
          name={open.name}
          now={open}
          close={() => setOpen(null)}
        />
      )}
    </>
  );
}

function ClosedDays({ rows, error, tools }: ListProps<ClosedDayItem> & { readonly tools: ReactNode }): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const format = useFormat();
  const refresh = useRefresh();
  const nameOf = useServiceName();
  const { can } = useProvider();
  const [open, setOpen] = useState<"new" | ClosedDayItem | null>(null);
  const may = can("terms.write");
  const close = (): void => setOpen(null);
  const name = (row: ClosedDayItem): string =>
    `${say(row.name)}${row.provisional ? `（${t("cal.provisional")}）` : ""}`;
  return (
    <>
      <DataTable<ClosedDayItem>
        id="closed-days"
        label={t("cal.closedDays")}
        urlKey="d"
        rows={rows}
        error={error}
        rowKey={(row) => row.id}
        rowName={(row) => format.day(row.day)}
        sort="day"
        tools={
          <>
            {tools}
            {may ? <Button onClick={() => setOpen("new")}>{t("cal.add")}</Button> : null}
          </>
        }
        {...(may
          ? {
              rowActions: (row: ClosedDayItem) => [{ label: t("cal.open"), danger: true, run: () => setOpen(row) }],
            }
          : {})}
        empty={<Empty title={t("cal.none")} />}
        columns={[
          dayColumn("day", t("cal.day"), (row) => row.day, { descending: false }),
          textColumn("name", t("cal.name"), name),
          textColumn("kind", t("cal.kind"), (row) => t(`closed.${row.kind}`)),
          textColumn("service", t("col.service"), (row) =>
            row.service === null ? t("col.every") : nameOf(row.service),
          ),
        ]}
      />
      {open === "new" ? <ClosedDayDialog close={close} /> : null}
      {open === null || open === "new" ? null : (
        <ConfirmDialog
          title={t("cal.open")}
          consequences={[t("cal.openText", { day: `${format.day(open.day)} ${say(open.name)}` })]}
          action={t("cal.open")}
          close={close}
          run={async () => {
            await api.delete(`${CALENDARS}/closed-days/${open.id}?confirmPast=true`);
            refresh([CALENDARS]);
          }}
        />
      )}
    </>
  );
}

function ClosedDayDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const refresh = useRefresh();
  const form = useForm({
    initial: { day: dayIn("Asia/Tokyo"), ja: "", en: "" },
    rules: { day: { pattern: /^\d{4}-\d{2}-\d{2}$/ }, ja: { maxLength: 100 }, en: { maxLength: 100 } },
    submit: ({ day, ja, en }) =>
      api.post(`${CALENDARS}/closed-days`, {
        day,
        kind: "designated",
        name: { ja: ja.trim(), en: en.trim() },
        confirmPast: true,
      }),
    done: () => {
      refresh([CALENDARS]);
      close();
    },
  });
  return (
    <Dialog title={t("cal.add")} close={close}>
      <Form form={form} action={t("cal.add")} cancel={close}>
        <TextField form={form} name="day" label={t("cal.day")} type="date" />
        <TextField form={form} name="ja" label={t("cal.nameJa")} />
        <TextField form={form} name="en" label={t("cal.nameEn")} />
      </Form>
    </Dialog>
  );
}
