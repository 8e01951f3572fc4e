/** Reading and changing through the API with one cache: keys are `[path, query]`, so that a path refreshes all below it. */
import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { Page } from "@yagura/server/shapes.ts";
import { api, ApiError, type Query } from "./api.ts";

/** Rows of one list that the browser keeps; longer lists must be filtered by the server. */
const MAX_ROWS = 10_000;
const PAGE_ROWS = 500;

/** Errors of the caller are told at once; a server that is away is tried again, and what was loaded stays on the page. */
const retry = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status >= 500 || error.offline);

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry, staleTime: 10_000, gcTime: 10 * 60_000, refetchOnWindowFocus: true, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });

export interface GetOptions {
  readonly enabled?: boolean;
  /** Milliseconds between refreshes; live events are the better way. */
  readonly every?: number;
  /** Keeps the last answer on screen while a changed query loads. */
  readonly keep?: boolean;
}

/** One document of the API. */
export function useGet<T>(path: string, query?: Query, options: GetOptions = {}): UseQueryResult<T, ApiError> {
  return useQuery<T, ApiError>({
    queryKey: [path, query ?? null],
    queryFn: ({ signal }) => api.get<T>(path, query, signal),
    enabled: options.enabled ?? true,
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
    ...(options.keep === true ? { placeholderData: (before: T | undefined) => before as never } : {}),
  });
}

export interface AllResult<T> {
  /** Undefined until the first page is there. */
  readonly rows: readonly T[] | undefined;
  /** Rows on the server. */
  readonly total: number;
  /** Not all rows of the server are here: the list is longer than `MAX_ROWS`. */
  readonly cut: boolean;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly refetch: () => void;
}

/** Every page of a list, up to `MAX_ROWS`; the first page is shown while the others come. A plain array is one page. */
export function useAll<T>(path: string, query?: Query, options: { readonly enabled?: boolean } = {}): AllResult<T> {
  const found = useInfiniteQuery({
    queryKey: [path, query ?? null, "all"],
    queryFn: async ({ pageParam, signal }) =>
      asPage(await api.get<Page<T> | T[]>(path, { ...query, limit: PAGE_ROWS, cursor: pageParam }, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (pages.length * PAGE_ROWS >= MAX_ROWS ? null : last.next),
    enabled: options.enabled ?? true,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = found;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, isError]);
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items), [found.data]);
  const { refetch } = found;
  const last = found.data?.pages.at(-1);
  return {
    rows,
    total: found.data?.pages[0]?.total ?? rows?.length ?? 0,
    cut: !hasNextPage && last !== undefined && last.next !== null,
    error: found.error as ApiError | null,
    loading: found.isPending,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

/** A list that comes whole in one answer. */
export function useList<T>(path: string, query?: Query, options: GetOptions = {}): AllResult<T> {
  const found = useGet<Page<T> | T[]>(path, query, options);
  const page = useMemo(() => (found.data === undefined ? undefined : asPage(found.data)), [found.data]);
  const { refetch } = found;
  return {
    rows: page?.items,
    total: page?.total ?? 0,
    cut: page !== undefined && page.next !== null,
    error: found.error,
    loading: found.isPending,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

const asPage = <T>(answer: Page<T> | T[]): Page<T> =>
  Array.isArray(answer) ? { items: answer, next: null, total: answer.length } : answer;

/** Marks everything at or below the paths as old; what is on screen loads again without a jump. */
export function useRefresh(): (paths: readonly string[]) => void {
  const client = useQueryClient();
  return useCallback((paths) => void refreshPaths(client, paths), [client]);
}

export const refreshPaths = (client: QueryClient, paths: readonly string[]): Promise<void> =>
  client.invalidateQueries({
    predicate: ({ queryKey: [key] }) =>
      typeof key === "string" && paths.some((path) => key === path || key.startsWith(`${path}/`)),
  });

/** A change, after which the paths load again. */
export function useChange<Input, Output = void>(
  change: (input: Input) => Promise<Output>,
  options: { readonly refresh?: readonly string[]; readonly done?: (output: Output, input: Input) => void } = {},
): UseMutationResult<Output, ApiError, Input> {
  const client = useQueryClient();
  return useMutation<Output, ApiError, Input>({
    mutationFn: change,
    onSuccess: async (output, input) => {
      options.done?.(output, input);
      await refreshPaths(client, options.refresh ?? []);
    },
  });
}
