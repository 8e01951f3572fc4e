/** What services add to the pages of incidents: links to what a finding is about, and names that only this browser can read. */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useQuery } from "@tanstack/react-query";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { usePortal } from "../frame/portal-context.ts";
import { useLanguage } from "../language.tsx";
import type { IncidentParts, IncidentReader } from "../plugin.ts";
import type { AllResult } from "../queries.ts";

type Parts = ReadonlyMap<string, IncidentParts>;

/** By service; undefined while they load. A service whose parts do not load adds nothing. */
export function useIncidentParts(): Parts | undefined {
  const { services } = usePortal();
  const { data } = useQuery({
    queryKey: ["incident parts"],
    queryFn: async (): Promise<Parts> => {
      const loaded = await Promise.allSettled(
        services.map(async ({ id, incidents }) => [id, await incidents?.()] as const),
      );
      const parts = new Map<string, IncidentParts>();
      for (const result of loaded) {
        if (result.status === "rejected") continue;
        const [id, found] = result.value;
        if (found !== undefined) parts.set(id, found);
      }
      return parts;
    },
    staleTime: Infinity,
    structuralSharing: false,
  });
  return data;
}

const none: readonly IncidentReader[] = [];

type Open = <T extends Incident>(incident: T) => Promise<T>;
interface Opened<T> {
  readonly state: string;
  readonly clear: T;
}
function useOpening<T>(told: T | undefined, opening: (told: T, open: Open) => Promise<T>): T | undefined {
  const parts = useIncidentParts();
  const { language } = useLanguage();
  const readers = parts === undefined ? none : readersOf(parts);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = readers.map((reader) => reader.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [readers],
  );
  const state = useSyncExternalStore(subscribe, () => readers.map((reader) => reader.state()).join(""));
  const [opened, setOpened] = useState<Opened<T> | null>(null);
  useEffect(() => {
    if (state === "" || told === undefined || parts === undefined) return undefined;
    let wanted = true;
    const open: Open = async (incident) =>
      (await parts.get(incident.service)?.reader?.open(incident, language)) ?? incident;
    const work = async (): Promise<void> => {
      const clear = await opening(told, open);
      if (wanted) setOpened({ state, clear });
    };
    void work();
    return () => {
      wanted = false;
    };
  }, [told, opening, parts, language, state]);
  if (parts === undefined || told === undefined) return undefined;
  if (state === "") return told;
  // While newer ones are opened, the older stand: nothing jumps to tokens and back.
  return opened?.state === state ? opened.clear : undefined;
}

const openOne = <T extends Incident>(told: T, open: Open): Promise<T> => open(told);
const openAll = <T extends Incident>(told: readonly T[], open: Open): Promise<readonly T[]> =>
  Promise.all(told.map((incident) => open(incident)));

/** An incident as this browser can read it; undefined until it is known whether it can. */
export const useOpened = <T extends Incident>(told: T): T | undefined => useOpening(told, openOne);

const known = new WeakMap<Parts, readonly IncidentReader[]>();
function readersOf(parts: Parts): readonly IncidentReader[] {
  const found = known.get(parts) ?? [...parts.values()].flatMap(({ reader }) => (reader === undefined ? [] : [reader]));
  known.set(parts, found);
  return found;
}

/** The same of a list. */
export const useOpenedList = <T extends Incident>(list: AllResult<T>): AllResult<T> => ({
  ...list,
  rows: useOpening(list.rows, openAll),
});
