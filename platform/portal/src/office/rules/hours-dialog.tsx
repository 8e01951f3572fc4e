/** The hours of an activity from a day. */
import type { ReactNode } from "react";
import type { Text } from "@yagura/commerce/charging/shapes.ts";
import type { ActivityItem } from "@yagura/commerce/terms/shapes.ts";
import { useSay, useWords } from "../../language.tsx";
import { CheckGroup, TextField } from "../../parts/form.tsx";
import { ruleWords } from "../words/rules.ts";
import { DatedDialog } from "./dated-dialog.tsx";
import { CALENDARS, OFFERING } from "./paths.ts";

interface Props {
  readonly service: string;
  readonly activity: string;
  readonly name: Text;
  readonly now?: ActivityItem;
  readonly close: () => void;
}
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const CLOCK = { pattern: /^([01]\d|2[0-4]):[0-5]\d$/ };

export function HoursDialog({ service, activity, name, now, close }: Props): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const closed = ["national-holiday", "designated"] as const;
  return (
    <DatedDialog
      title={say(name)}
      path={`${CALENDARS}/activities`}
      initial={{
        weekdays: (now?.weekdays ?? [1, 2, 3, 4, 5]).map(String) as readonly string[],
        opens: now?.opens ?? "09:00",
        closes: now?.closes ?? "17:00",
        closedOn: (now?.closedOn ?? closed) as readonly string[],
      }}
      rules={{ opens: CLOCK, closes: CLOCK }}
      body={(values) => ({
        service,
        activity,
        hours: {
          name: now?.name ?? name,
          weekdays: values.weekdays.map(Number),
          opens: values.opens,
          closes: values.closes,
          closedOn: values.closedOn,
          yearEnd: now?.yearEnd ?? null,
        },
      })}
      refresh={[CALENDARS, OFFERING]}
      close={close}
    >
      {(form) => (
        <>
          <CheckGroup
            form={form}
            name="weekdays"
            label={t("cal.days")}
            options={weekdays.map((day) => ({ value: String(day), label: t(`weekday.${day}`) }))}
          />
          <TextField form={form} name="opens" label={t("hours.opens")} />
          <TextField form={form} name="closes" label={t("hours.closes")} />
          <CheckGroup
            form={form}
            name="closedOn"
            label={t("cal.closedOn")}
            options={closed.map((kind) => ({ value: kind, label: t(`closed.${kind}`) }))}
          />
        </>
      )}
    </DatedDialog>
  );
}
