/** Reading the API as `@yagura/portal/queries.ts` does, with tokens opened where this tab has their key. */
import { useEffect, useState } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiError, Query } from "@yagura/portal/api.ts";
import * as plain from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../wire/api.ts";
import type { Tokens } from "../wire/tokens.ts";
import { useTokens } from "./tokens/key.ts";
import { openAll } from "./tokens/open.ts";
import { reachOf } from "./tokens/sites.ts";

export { useChange, useRefresh } from "@yagura/portal/queries.ts";

/** The site that an answer names, if it does so near its top. */
function siteIn(data: unknown, depth = 0): string | null {
  if (typeof data !== "object" || data === null || depth > 3) return null;
  if ("siteId" in data && typeof data.siteId === "string") return data.siteId;
  for (const inner of Array.isArray(data) ? data.slice(0, 1) : Object.values(data).slice(0, 8)) {
    const found = siteIn(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

interface Opened<T> {
  readonly tokens: Tokens;
  readonly clear: T;
}
function useClear<T>(data: T | undefined, query: Query | undefined): T | undefined {
  const tokens = useTokens();
  const here = useOrganisation();
  const { data: sites } = plain.useGet<Site[]>(here.api("/ot/sites"), undefined, { enabled: tokens !== null });
  const [opened, setOpened] = useState<Opened<T> | null>(null);
  const asked = query?.["site"];
  useEffect(() => {
    if (tokens === null || data === undefined || sites === undefined) return undefined;
    let wanted = true;
    const reach = reachOf(sites, typeof asked === "string" ? asked : siteIn(data), tokens);
    const open = async (): Promise<void> => {
      const clear = await openAll(data, tokens, reach);
      if (wanted) setOpened({ tokens, clear });
    };
    void open();
    return () => {
      wanted = false;
    };
  }, [data, tokens, sites, asked]);
  if (tokens === null) return data;
  // While newer data is opened, the older stands: nothing jumps to tokens and back.
  return opened?.tokens === tokens ? opened.clear : undefined;
}

export function useGet<T>(path: string, query?: Query, options: plain.GetOptions = {}): UseQueryResult<T, ApiError> {
  const found = plain.useGet<T>(path, query, options);
  const clear = useClear(found.data, query);
  return clear === found.data ? found : ({ ...found, data: clear } as UseQueryResult<T, ApiError>);
}
export function useAll<T>(
  path: string,
  query?: Query,
  options: { readonly enabled?: boolean } = {},
): plain.AllResult<T> {
  const found = plain.useAll<T>(path, query, options);
  return { ...found, rows: useClear(found.rows, query) };
}
export function useList<T>(path: string, query?: Query, options: plain.GetOptions = {}): plain.AllResult<T> {
  const found = plain.useList<T>(path, query, options);
  return { ...found, rows: useClear(found.rows, query) };
}
