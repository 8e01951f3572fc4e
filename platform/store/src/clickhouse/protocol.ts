/** What is asked of the engine's child process, and what it answers. */
import type { QueryParameters } from "../store.ts";

export type Request =
  /** Statements without a result; several are separated by the caller into several requests. */
  | {
      readonly id: number;
      readonly op: "command";
      readonly database: string;
      readonly sql: string;
      readonly parameters: QueryParameters;
    }
  | {
      readonly id: number;
      readonly op: "rows";
      readonly database: string;
      readonly sql: string;
      readonly parameters: QueryParameters;
      /** Milliseconds. */
      readonly timeout: number;
      /** As rows of JSON unless told. */
      readonly format?: "JSONEachRow" | "Native";
    }
  /** The body is one block in ClickHouse's Native format. */
  | {
      readonly id: number;
      readonly op: "insert";
      readonly database: string;
      /** `INSERT INTO table (columns)`. */
      readonly into: string;
      readonly settings: string;
    }
  /** Answered three times: with the path of a pipe, (after `go`) when it is open, and when everything was written to it. */
  | {
      readonly id: number;
      readonly op: "export";
      readonly database: string;
      readonly sql: string;
      readonly parameters: QueryParameters;
      readonly format: string;
      readonly timeout: number;
      /** On a connection of its own, beside all others: a backup reads every table at once. */
      readonly alone: boolean;
    }
  /** Answered twice: with the path of a pipe, and when everything that was written to it is stored. */
  | {
      readonly id: number;
      readonly op: "import";
      readonly database: string;
      readonly into: string;
      readonly settings: string;
    }
  | { readonly id: number; readonly op: "go" | "cancel"; readonly of: number }
  | { readonly id: number; readonly op: "stop" };

export type Reply =
  | {
      readonly id: number;
      readonly ok: true;
      readonly rows?: number;
      readonly pipe?: string;
      readonly writing?: boolean;
    }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code?: number };

/** Options of the child, as JSON in its first argument. */
export interface ChildOptions {
  /** Data folder of the engine. */
  readonly folder: string;
  /** Bytes the engine may use in all. */
  readonly memory: number;
  readonly lanes: number;
}
