/** State that belongs to the address: filters, sort, tabs, ranges. A shared URL shows the same. */
import { useNavigate, useParams as useRouterParams, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";

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
export const useParams = (): Readonly<Record<string, string>> => useRouterParams({ strict: false });

export const useSearchParams = (): Search => useSearch({ strict: false });

/** Goes to a portal path, which may hold a query and a hash. */
export function useGo(): (href: string, options?: { readonly replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options) => (options?.replace === true ? router.history.replace(href) : router.history.push(href)),
    [router],
  );
}

/**
 * One value of the address; set to the fallback, it leaves the address. What is set is shown at once: the address follows when
 * the router has gone there, and a box that waited for that would seem not to have been ticked.
 */
export function useUrlState(name: string, fallback = ""): readonly [string, (value: string) => void] {
  const stored = useSearch({ strict: false, select: (search: Search): string | undefined => search[name] }) ?? fallback;
  const [chosen, choose] = useState<{ readonly value: string; readonly instead: string } | null>(null);
  const set = useSetSearch();
  const change = useCallback(
    (value: string) => {
      choose({ value, instead: stored });
      set({ [name]: value === fallback ? "" : value });
    },
    [set, name, fallback, stored],
  );
  if (chosen !== null && chosen.instead !== stored) choose(null);
  return [chosen?.instead === stored ? chosen.value : stored, change];
}

/** Milliseconds without a key after which a typed text goes into the address. */
const TYPED = 200;

/**
 * A text that is typed: at hand at once, in the address when the typing rests. (Were the address its only home, keys pressed
 * while it changes would be lost.) A changed address, such as a step back, sets the text.
 */
export function useTypedUrlState(name: string): readonly [string, (text: string) => void] {
  const [stored, store] = useUrlState(name);
  const [text, setText] = useState(stored);
  const [seen, setSeen] = useState(stored);
  const [written, setWritten] = useState(stored);
  if (stored !== seen) {
    setSeen(stored);
    if (stored !== written) {
      setWritten(stored);
      setText(stored);
    }
  }
  useEffect(() => {
    if (text === written) return undefined;
    const timer = setTimeout(() => {
      setWritten(text);
      store(text);
    }, TYPED);
    return () => clearTimeout(timer);
  }, [text, written, store]);
  return [text, setText];
}

/** Sets several values of the address at once; an empty text removes one. */
export function useSetSearch(): (changes: Readonly<Record<string, string>>) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes) =>
      void navigate({
        to: ".",
        search: (before: Search) => ({ ...before, ...changes }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
