/** The one way out of the portal: JSON over the public API, errors as problem details (RFC 9457). */
import type { Problem } from "@yagura/server/shapes.ts";
import type { Language } from "./words.ts";

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** An answer of the API that is an error, or a failure to reach it (`status` 0, code `OFFLINE`). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Request id to quote; empty when no server answered. */
  readonly instance: string;
  readonly fields: readonly { readonly pointer: string; readonly message: string }[];
  constructor(problem: Omit<Problem, "type">) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.instance = problem.instance;
    this.fields = problem.fields ?? [];
  }
  get offline(): boolean {
    return this.status === 0;
  }
}

/** What each request carries; set by the shell when the language or the sign-in changes. */
const carried: { language: Language; csrf: string | null } = { language: "en", csrf: null };
export const setLanguageHeader = (language: Language): void => void (carried.language = language);
export const setCsrf = (csrf: string | null): void => void (carried.csrf = csrf);

type Reach = (reachable: boolean) => void;
const reachListeners = new Set<Reach>();
/** Told after each request whether the server could be reached. */
export function onReach(listener: Reach): () => void {
  reachListeners.add(listener);
  return () => reachListeners.delete(listener);
}
type Lost = () => void;
const lostListeners = new Set<Lost>();
/** Told when the sign-in is no longer valid (401). */
export function onSignInLost(listener: Lost): () => void {
  lostListeners.add(listener);
  return () => lostListeners.delete(listener);
}

/** Path with a query; parameters that are null or undefined are left out. */
export function withQuery(path: string, query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  /** Sent as it is, instead of JSON. */
  readonly file?: Blob;
  readonly signal?: AbortSignal | undefined;
}

async function send({ method, path, query, body, file, signal }: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", "accept-language": carried.language };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (file !== undefined) headers["content-type"] = file.type === "" ? "application/octet-stream" : file.type;
  if (method !== "GET" && carried.csrf !== null) headers["x-yagura-csrf"] = carried.csrf;
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? (file === undefined ? {} : { body: file }) : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    for (const listener of reachListeners) listener(false);
    throw new ApiError({ status: 0, code: "OFFLINE", title: "", detail: "", instance: "" });
  }
  for (const listener of reachListeners) listener(true);
  if (response.ok) return response;
  const error = await problemOf(response);
  // A wrong password is also a 401; only a lost sign-in sends the reader to the sign-in page.
  if (response.status === 401 && !path.startsWith("/api/v1/sign-in")) for (const listener of lostListeners) listener();
  throw error;
}

async function problemOf(response: Response): Promise<ApiError> {
  const fallback = {
    status: response.status,
    code: `HTTP_${response.status}`,
    title: response.statusText,
    detail: response.statusText,
    instance: response.headers.get("x-request-id") ?? "",
  };
  try {
    const found = (await response.json()) as Partial<Problem>;
    return new ApiError({ ...fallback, ...found, status: response.status });
  } catch {
    return new ApiError(fallback);
  }
}

async function json<T>(call: Call): Promise<T> {
  const response = await send(call);
  if (response.status === 204 || response.headers.get("content-length") === "0") return undefined as T;
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    json<T>({ method: "GET", path, query, signal }),
  post: <T = void>(path: string, body?: unknown, query?: Query): Promise<T> =>
    json<T>({ method: "POST", path, body, query }),
  patch: <T = void>(path: string, body: unknown): Promise<T> => json<T>({ method: "PATCH", path, body }),
  put: <T = void>(path: string, body: unknown): Promise<T> => json<T>({ method: "PUT", path, body }),
  delete: <T = void>(path: string, body?: unknown): Promise<T> => json<T>({ method: "DELETE", path, body }),
  /** The bytes of a file as the body. */
  upload: <T>(path: string, file: Blob, query?: Query): Promise<T> => json<T>({ method: "POST", path, file, query }),
  /** A file: saved under the name the server gives, or `name`. */
  download: async (path: string, options: { method?: "GET" | "POST"; query?: Query; name: string }): Promise<void> => {
    const response = await send({ method: options.method ?? "GET", path, query: options.query });
    saveFile(await response.blob(), nameOf(response.headers.get("content-disposition") ?? "") ?? options.name);
  },
};

/** The name of a Content-Disposition (RFC 6266): `filename*` in UTF-8 (RFC 8187) before the plain one. */
export function nameOf(disposition: string): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  try {
    if (extended !== undefined) return decodeURIComponent(extended.trim());
  } catch {
    // Not well-formed: the plain name remains.
  }
  return /filename="?([^";]+)"?/.exec(disposition)?.[1];
}

/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is far beyond its need.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
