/** Telemetry over an engine: the one door to ClickHouse, which binds the organisation and counts the rows. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import { isUuid } from "@yagura/core/ids.ts";
import { raise } from "../errors.ts";
import type { Column, ExportFormat, QueryOptions, QueryParameters, Telemetry } from "../store.ts";
import { everyOrganisation } from "../store.ts";
import { Gate } from "../gate.ts";
import type { Engine } from "./engine.ts";
import { encodeNative, rowsOf } from "./native.ts";
import { decodeNumbers } from "./numbers.ts";
import { explain } from "./trouble.ts";

const PLACEHOLDER = "{organisation:UUID}";
const formats: Readonly<Record<ExportFormat, string>> = {
  csv: "CSVWithNames",
  jsonl: "JSONEachRow",
  parquet: "Parquet",
};
const QUERY_WITHIN = 10_000;
const EXPORT_WITHIN = 3_600_000;
/** Rows of one insert: one block, so that a repetition is recognised. */
export const MAX_INSERT_ROWS = 1_000_000;

/** `gate` is closed by a backup while it takes its snapshots. */
export function openTelemetry(engine: Engine, gate: Gate = new Gate()): Telemetry {
  const types = new TableTypes(engine);
  return {
    insert: (table, columns, token) => insert(engine, types, table, columns, token),
    query: async <Row>(
      organisation: OrganisationId,
      sql: string,
      parameters?: QueryParameters,
      options?: QueryOptions,
    ) => {
      const timeout = options?.timeout ?? QUERY_WITHIN;
      const bound = bind(organisation, sql, parameters);
      return parseRows<Row>(await asked(() => engine.rows(sql, bound, timeout), timeout));
    },
    columns: async (organisation, sql, parameters, options) => {
      const timeout = options?.timeout ?? QUERY_WITHIN;
      const bound = bind(organisation, sql, parameters);
      return decodeNumbers(await asked(() => engine.blocks(sql, bound, timeout), timeout));
    },
    export: async (organisation, sql, parameters, format) => {
      const bound = bind(organisation, sql, parameters);
      return explained(engine.stream(sql, bound, formats[format], EXPORT_WITHIN));
    },
    erase: async (organisation, sql, parameters) => {
      const bound = bind(organisation, sql, parameters);
      await asked(() => engine.command(sql, bound));
    },
    moving: (work) => gate.pass(work),
    ready: () => engine.ready(),
    close: () => engine.close(),
  };
}

async function insert(
  engine: Engine,
  types: TableTypes,
  table: string,
  columns: Readonly<Record<string, Column>>,
  token: string,
): Promise<void> {
  const rows = rowsOf(columns);
  if (rows === 0) return;
  if (rows > MAX_INSERT_ROWS) throw new RangeError(`an insert has at most ${MAX_INSERT_ROWS} rows, not ${rows}`);
  const stored = await asked(async () => {
    const block = encodeNative(columns, await types.of(table));
    return await engine.insert({ table, columns: Object.keys(columns), block, rows, token });
  });
  if (stored !== rows) throw raise("TELEMETRY_ROW_COUNT", { table, given: rows, stored });
}

/** Column types of tables, asked once: migrations run before the first insert and never change a type in place. */
class TableTypes {
  readonly #engine: Engine;
  readonly #known = new Map<string, Promise<ReadonlyMap<string, string>>>();
  constructor(engine: Engine) {
    this.#engine = engine;
  }
  of(table: string): Promise<ReadonlyMap<string, string>> {
    let types = this.#known.get(table);
    if (types === undefined) {
      types = this.#ask(table);
      this.#known.set(table, types);
      types.catch(() => this.#known.delete(table));
    }
    return types;
  }
  async #ask(table: string): Promise<ReadonlyMap<string, string>> {
    const sql = "SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}";
    const text = await this.#engine.rows(sql, { database: this.#engine.database, table }, QUERY_WITHIN);
    const rows = parseRows<{ name: string; type: string }>(text);
    if (rows.length === 0) throw raise("TELEMETRY_QUERY", { reason: `there is no table ${table}` });
    return new Map(rows.map((row) => [row.name, row.type]));
  }
}

/** Adds the organisation to the parameters. Throws TELEMETRY_UNSCOPED when the SQL does not use it. */
function bind(organisation: OrganisationId, sql: string, parameters: QueryParameters = {}): QueryParameters {
  if (organisation === everyOrganisation) return parameters;
  if (!sql.includes(PLACEHOLDER)) throw raise("TELEMETRY_UNSCOPED", { placeholder: PLACEHOLDER });
  if (!isUuid(organisation)) throw new TypeError(`not an organisation id: ${JSON.stringify(organisation)}`);
  return { ...parameters, organisation };
}

function parseRows<Row>(bytes: Uint8Array): Row[] {
  if (bytes.length === 0) return [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8").trimEnd();
  return text === "" ? [] : (JSON.parse(`[${text.replaceAll("\n", ",")}]`) as Row[]);
}

async function asked<T>(work: () => Promise<T>, timeout = 0): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, timeout / 1000);
  }
}

async function* explained(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw explain(error, EXPORT_WITHIN / 1000);
  }
}
