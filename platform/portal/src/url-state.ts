/** State that belongs to the address: filters, sort, tabs, ranges. A shared URL shows the same. */
import { useNavigate, useParams as useRouterParams, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type Search = Readonly<Record<string, string>>;

/** Plain `name=value` pairs: no JSON in the address. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") pairs.set(name, value);
  }
  const text = pairs.toString();
  return text === "" ? "" : `?${text}`;
}

/** Parameters of the path, e.g. `{ organisation, session }`. */
export const useParams = (): Readonly<Record<string, string>> =>
  useRouterParams({ strict: false }) as Readonly<Record<string, string>>;

export const useSearchParams = (): Search => useSearch({ strict: false }) as Search;

/** Goes to a portal path, which may hold a query and a hash. */
export function useGo(): (href: string, options?: { readonly replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options) => (options?.replace === true ? router.history.replace(href) : router.history.push(href)),
    [router],
  );
}

/** One value of the address; set to the fallback, it leaves the address. */
export function useUrlState(name: string, fallback = ""): readonly [string, (value: string) => void] {
  const value = useSearch({ strict: false, select: (search: Search) => search[name] }) as string | undefined;
  const set = useSetSearch();
  return [
    value ?? fallback,
    useCallback((next) => set({ [name]: next === fallback ? "" : next }), [set, name, fallback]),
  ];
}

/** Sets several values of the address at once; an empty text removes one. */
export function useSetSearch(): (changes: Readonly<Record<string, string>>) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes) =>
      void navigate({
        to: ".",
        search: ((before: Search) => ({ ...before, ...changes })) as never,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
