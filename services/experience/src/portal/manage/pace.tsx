/** How often a session measures and how long it waits: the two fields, what is refused, what is sent. */
import type { ComponentProps, ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { NumberField } from "@yagura/portal/parts/form.tsx";
import { manageWords } from "../words-manage.ts";
import { milliseconds } from "./volume.ts";

interface PaceValues {
  readonly interval: string;
  readonly timeout: string;
}

/** Seconds as typed, to milliseconds; null for what is outside of the API's bounds. */
export const paceOf = (values: PaceValues): { interval: number | null; timeout: number | null } => ({
  interval: milliseconds(values.interval, 0.2, 3600),
  timeout: milliseconds(values.timeout, 0.05, 60),
});

/** The check of a form that has these fields. */
export function usePaceCheck(): (values: PaceValues) => { interval?: string; timeout?: string } {
  const m = useWords(manageWords);
  return (values) => {
    const { interval, timeout } = paceOf(values);
    return {
      ...(interval === null ? { interval: m("sessions.between") } : {}),
      ...(timeout === null ? { timeout: m("sessions.timeoutBetween") } : {}),
    };
  };
}

export function PaceFields({ form }: Pick<ComponentProps<typeof NumberField>, "form">): ReactNode {
  const m = useWords(manageWords);
  const unit = m("sessions.seconds");
  return (
    <>
      <NumberField
        form={form}
        name="interval"
        label={m("sessions.interval")}
        unit={unit}
        step={0.1}
        hint={m("sessions.intervalHint")}
      />
      <NumberField
        form={form}
        name="timeout"
        label={m("sessions.timeout")}
        unit={unit}
        step={0.05}
        hint={m("sessions.timeoutHint")}
      />
    </>
  );
}
