/** Tabs whose choice is in the address. */
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useUrlState } from "../url-state.ts";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}
export function Tabs({
  tabs,
  name = "tab",
  label,
}: {
  readonly tabs: readonly Tab[];
  readonly name?: string;
  readonly label: string;
}): ReactNode {
  const prefix = useId();
  const [chosen, choose] = useUrlState(name, tabs[0]?.id ?? "");
  const bar = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === chosen),
  );
  const current = tabs[at];
  const move = (event: KeyboardEvent): void => {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (tab === undefined) return;
    event.preventDefault();
    choose(tab.id);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  };
  return (
    <div className="tabs">
      <div ref={bar} className="tab-bar" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            className="tab"
            id={`${prefix}${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab === current}
            aria-controls={`${prefix}panel`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${prefix}panel`} role="tabpanel" aria-labelledby={`${prefix}${current?.id ?? ""}`}>
        {current?.content}
      </div>
    </div>
  );
}
