/** Keys that work on every page. */
import { useEffect, useEffectEvent } from "react";

interface Acts {
  readonly search: () => void;
  readonly help: () => void;
}

export function useKeys(acts: Acts): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (handle(event, acts)) event.preventDefault();
  });
  useEffect(() => {
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

function handle(event: KeyboardEvent, acts: Acts): boolean {
  if (event.isComposing || event.defaultPrevented) return false;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    acts.search();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return false;
  if (document.querySelector("dialog[open]") !== null) return false;
  if (event.key === "?") acts.help();
  else if (event.key === "/") return focus("[data-filter]");
  // From anywhere outside a table, j goes into the first one.
  else if (event.key === "j" && document.activeElement?.closest("table") === null)
    return focus("tr[data-row][tabindex='0']");
  else return false;
  return true;
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(`.content ${selector}`);
  element?.focus();
  return element !== null;
}
