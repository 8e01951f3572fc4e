/** Light, dark, or as the system says. The choice is kept on the device; `/theme.js` sets it before the first paint. */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";
const STORED = "yagura.theme";
const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const choice = (): ThemeChoice => {
  const stored = localStorage.getItem(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
};
const shown = (): "light" | "dark" => {
  const chosen = choice();
  return chosen === "system" ? (dark().matches ? "dark" : "light") : chosen;
};

export function setTheme(next: ThemeChoice): void {
  if (next === "system") localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, next);
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const media = dark();
  media.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener("change", listener);
  };
}

export const useTheme = (): {
  choice: ThemeChoice;
  shown: "light" | "dark";
  setTheme: (next: ThemeChoice) => void;
} => ({
  choice: useSyncExternalStore(subscribe, choice),
  shown: useSyncExternalStore(subscribe, shown),
  setTheme,
});

/** The colours behind custom properties, resolved for a canvas: `readColours(["--ink"])["--ink"]` is `rgb(…)`. */
export function readColours<const N extends string>(names: readonly N[]): Record<N, string> {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const found = {} as Record<N, string>;
  for (const name of names) {
    probe.style.color = `var(${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}
