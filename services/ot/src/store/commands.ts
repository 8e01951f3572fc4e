/** Which commands were used between whom, and how often: from sums by hour and day. */
import { protocolName } from "../analysis/observe.ts";
import type { Range } from "../range.ts";
import type { ProtocolName } from "../wire/vocabulary.ts";
import type { Place } from "./place.ts";
import { grouped, parametersOf, sumsOf } from "./sql.ts";
import { whereOf, type Which } from "./traffic.ts";

/** Stored where there is no lowest address: greater than any. */
const NO_ADDRESS = 4_294_967_295;

export interface CommandSum {
  readonly client: number;
  readonly server: number;
  readonly port: number;
  readonly protocol: ProtocolName;
  readonly code: number;
  readonly object: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly labels: readonly string[];
  readonly requests: number;
  readonly responses: number;
  readonly errors: number;
  readonly events: number;
  readonly first: number;
  readonly last: number;
}
interface CommandRow extends Omit<CommandSum, "protocol" | "low" | "high"> {
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

/** Commands of a range of whole hours. */
export async function readCommands(
  place: Place,
  range: Range,
  which: Which = {},
  limit = 50_000,
): Promise<CommandSum[]> {
  if (place.devices.length === 0) return [];
  const query = grouped(place, {
    table: "ot_command",
    range,
    keys: ["client", "server", "port", "protocol", "code", "object"],
    sums: ["requests", "responses", "errors", "events"],
    figures: [
      { name: "low", how: "min" },
      { name: "high", how: "max" },
      { name: "labels", how: "groupUniqArrayArray" },
    ],
    where: whereOf(which),
  });
  const rows = await place.telemetry.query<CommandRow>(
    place.organisation,
    `${query} order by requests + events desc limit {limit:UInt32}`,
    { ...parametersOf(place), limit },
  );
  return rows.map((row) => ({
    ...row,
    protocol: protocolName(row.protocol),
    low: row.low > NO_ADDRESS ? null : row.low,
    high: row.high < 0 ? null : row.high,
  }));
}

/** Between whom functions of the critical classes were used. */
export async function readCriticalPairs(place: Place, range: Range): Promise<{ client: number; server: number }[]> {
  if (place.devices.length === 0) return [];
  const functions = place.vocabulary.critical.map(({ protocol, code }) => `(${protocol}, ${code})`).join(", ");
  const from = sumsOf("ot_command", range, "client, server", `(protocol, code) in (${functions})`);
  return place.telemetry.query(place.organisation, `select distinct client, server from ${from}`, parametersOf(place));
}

/** As columns, one value for each client, server, protocol and function. */
export interface CommandCounts {
  readonly rows: number;
  readonly client: ArrayLike<number>;
  readonly server: ArrayLike<number>;
  readonly protocol: ArrayLike<number>;
  readonly code: ArrayLike<number>;
  readonly count: ArrayLike<number>;
}
/** How often each function was used between whom. */
export async function readCommandCounts(place: Place, range: Range): Promise<CommandCounts> {
  if (place.devices.length === 0) return { rows: 0, client: [], server: [], protocol: [], code: [], count: [] };
  const query = grouped(place, {
    table: "ot_command",
    range,
    keys: ["client", "server", "protocol", "code"],
    sums: ["requests", "events"],
    times: false,
  });
  const { rows, column } = await place.telemetry.columns(
    place.organisation,
    `select client, server, protocol, code, requests + events as times from (${query})`,
    parametersOf(place),
  );
  return {
    rows,
    client: column("client"),
    server: column("server"),
    protocol: column("protocol"),
    code: column("code"),
    count: column("times"),
  };
}
