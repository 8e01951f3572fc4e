/** The states of a page that are not its content: loading, empty, error, warnings. */
import type { ReactNode } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiError } from "../api.ts";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button } from "./button.tsx";
import { StateShape } from "./state-mark.tsx";
import type { State } from "@yagura/core/state.ts";

/** Skeleton rows of the size of what will come. */
export function Loading({
  rows = 6,
  height,
}: {
  readonly rows?: number;
  readonly height?: number | string;
}): ReactNode {
  const t = useWords(shell);
  return (
    <div className="loading" role="status" aria-label={t("loading")}>
      {height === undefined ? (
        Array.from({ length: rows }, (_, row) => <div key={row} className="skeleton skeleton-row" />)
      ) : (
        <div className="skeleton" style={{ blockSize: height }} />
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}
/** Nothing here yet: what it would be and what to do. */
export const Empty = ({ title, children, action }: EmptyProps): ReactNode => (
  <div className="empty">
    <p className="empty-title">{title}</p>
    {children === undefined ? null : <p className="soft">{children}</p>}
    {action}
  </div>
);

interface ErrorBoxProps {
  readonly error: ApiError;
  readonly title?: string;
  readonly retry?: () => void;
}
/** What happened, why, what to do, and the id to quote. */
export function ErrorBox({ error, title, retry }: ErrorBoxProps): ReactNode {
  const t = useWords(shell);
  return (
    <div className="notice notice-bad" role="alert">
      <StateShape state="bad" />
      <div>
        <p className="notice-title">{title ?? t("error.title")}</p>
        <p>{error.offline ? t("error.offline") : error.detail}</p>
        {error.offline ? null : (
          <p className="soft small">
            {error.instance === ""
              ? t("error.code", { code: error.code })
              : t("error.reference", { code: error.code, id: error.instance })}
          </p>
        )}
        {retry === undefined ? null : (
          <Button icon="refresh" onClick={retry}>
            {t("retry")}
          </Button>
        )}
      </div>
    </div>
  );
}

interface BannerProps {
  readonly state?: State;
  readonly title?: string;
  readonly children: ReactNode;
}
/** A remark that belongs to the page, with the shape of its state. */
export const Banner = ({ state = "notice", title, children }: BannerProps): ReactNode => (
  <div className={`notice notice-${state}`} role="note">
    <StateShape state={state} />
    <div>
      {title === undefined ? null : <p className="notice-title">{title}</p>}
      <div>{children}</div>
    </div>
  </div>
);

interface LoadedProps<T> {
  readonly query: UseQueryResult<T, ApiError>;
  readonly children: (data: T) => ReactNode;
  readonly rows?: number;
  readonly height?: number | string;
}
/** Content when there is any (even if a refresh failed), else the error, else a skeleton. */
export function Loaded<T>({ query, children, rows, height }: LoadedProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(rows === undefined ? {} : { rows })} {...(height === undefined ? {} : { height })} />;
}
