/**
 * Errors are tables, and say whose fault it is. Each room has one table, made by `errorTable`; docs/errors.md is kept equal
 * to the union of the tables by a test. A sentence says what happened, why, and what to do, in English and in Japanese;
 * `{name}` in it is replaced by the parameter of that name.
 */
export interface ErrorRow {
  /** HTTP status code. */
  readonly status: number;
  readonly en: string;
  readonly ja: string;
}
export type ErrorTable = Readonly<Record<string, ErrorRow>>;
export type Language = "en" | "ja";
export type ErrorParameters = Readonly<Record<string, string | number>>;

/** An error that a person can read. `code` is a key of the table it came from. */
export class YaguraError extends Error {
  readonly code: string;
  readonly row: ErrorRow;
  readonly parameters: ErrorParameters;
  /** Field errors of a refused form or document: JSON pointer and sentence. */
  readonly fields: readonly FieldError[];
  constructor(
    code: string,
    row: ErrorRow,
    parameters: ErrorParameters = {},
    fields: readonly FieldError[] = [],
    options?: { cause?: unknown },
  ) {
    super(fill(row.en, parameters), options as ErrorOptions);
    this.name = "YaguraError";
    this.code = code;
    this.row = row;
    this.parameters = parameters;
    this.fields = fields;
  }
  get status(): number {
    return this.row.status;
  }
  /** The sentence in a language. */
  say(language: Language): string {
    return fill(this.row[language], this.parameters);
  }
}

export interface FieldError {
  /** JSON pointer (RFC 6901) to the field, e.g. `/body/label`. */
  readonly pointer: string;
  readonly message: string;
}

export type Raise<T extends ErrorTable> = (
  code: keyof T & string,
  parameters?: ErrorParameters,
  options?: { fields?: readonly FieldError[]; cause?: unknown },
) => YaguraError;

/** A table and the function that makes its errors: `throw raise("LABEL_TOO_LONG", { limit: 15 })`. */
export function errorTable<const T extends ErrorTable>(rows: T): { rows: T; raise: Raise<T> } {
  return {
    rows,
    raise: (code, parameters, options) =>
      new YaguraError(
        code,
        rows[code] as ErrorRow,
        parameters,
        options?.fields,
        options?.cause === undefined ? undefined : { cause: options.cause },
      ),
  };
}

function fill(sentence: string, parameters: ErrorParameters): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
