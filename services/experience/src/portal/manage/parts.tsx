/** Parts that the management pages share: opening by the address, quotas in words, one dialog at a time. */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Meter } from "@yagura/portal/parts/form.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { Quota } from "../../wire/api.ts";
import { manageWords } from "../words-manage.ts";

/** A dialog that an address may open (`?add=agent`), or a row's act on one thing. */
export function useDialog<T>(name: string): {
  readonly adding: boolean;
  readonly add: () => void;
  readonly open: { readonly act: string; readonly row: T } | null;
  readonly show: (act: string, row: T) => void;
  readonly close: () => void;
} {
  const [added, setAdded] = useUrlState("add");
  const [open, setOpen] = useState<{ readonly act: string; readonly row: T } | null>(null);
  return {
    adding: added === name,
    add: () => setAdded(name),
    open,
    show: (act, row) => setOpen({ act, row }),
    close: () => {
      setOpen(null);
      if (added !== "") setAdded("");
    },
  };
}

/** Use and limits before they are hit, with the rule that sets them. */
export function QuotaMeters({
  quota,
  only,
}: {
  readonly quota: Quota;
  readonly only?: "targets" | "sessions";
}): ReactNode {
  const m = useWords(manageWords);
  const format = useFormat();
  const rule =
    quota.rule === "EXP-17"
      ? m("use.rule17", { day: format.day(quota.ruleFrom) })
      : m("use.rule18", { day: format.day(quota.ruleFrom), agents: format.number(quota.agents) });
  return (
    <div className="ex-quota">
      {only !== "sessions" && (
        <Meter used={quota.targets.used} limit={quota.targets.limit} label={m("use.targets", numbers(quota.targets))} />
      )}
      {only !== "targets" && (
        <Meter
          used={quota.sessions.used}
          limit={quota.sessions.limit}
          label={m("use.sessions", numbers(quota.sessions))}
        />
      )}
      <p className="soft small">{rule}</p>
    </div>
  );
}
const numbers = (use: Quota["targets"]): { used: number; limit: number } => ({ used: use.used, limit: use.limit });
