/** What rankings and comparisons add up: amounts by pair, protocol and port, and how they went over time. */
import type { Range } from "../range.ts";
import type { Place } from "./place.ts";
import { grouped, parametersOf, sumsOf, type Grouping, type Step } from "./sql.ts";
import { list, whereOf } from "./traffic.ts";

/** What a ranking measures. */
export const values = {
  bytes: { table: "ot_pair", sql: "bytes_out + bytes_in", columns: ["bytes_out", "bytes_in"] },
  packets: { table: "ot_pair", sql: "packets_out + packets_in", columns: ["packets_out", "packets_in"] },
  connections: { table: "ot_pair", sql: "connections", columns: ["connections"] },
  commands: { table: "ot_command", sql: "requests + events", columns: ["requests", "events"] },
  errors: { table: "ot_command", sql: "errors", columns: ["errors"] },
} as const satisfies Readonly<Record<string, { table: Grouping["table"]; sql: string; columns: readonly string[] }>>;
export type Value = keyof typeof values;

/** What a course over time is drawn of: endpoints, pairs of endpoints, protocols, or protocols with their ports. */
export type Course =
  | { readonly by: "endpoint" | "pair"; readonly ids: readonly number[] }
  | { readonly by: "protocol"; readonly protocols: readonly number[] }
  | { readonly by: "service"; readonly services: readonly (readonly [protocol: number, port: number])[] };
/** Amounts of a piece of time. `a` and `b`: the endpoint and 0, client and server, protocol and 0, or protocol and port. */
export interface Courses {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  /** Seconds since the epoch, and hours from there on. */
  readonly moment: ArrayLike<number>;
  readonly step: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** How amounts went, in pieces of at most `longest` hours where sums are kept so short. */
export async function readCourses(
  place: Place,
  range: Range,
  value: Value,
  of: Course,
  longest: Step,
): Promise<Courses> {
  if (place.devices.length === 0) return { a: [], b: [], moment: [], step: [], value: [] };
  const { table, sql, columns } = values[value];
  const { a, b, where } = courseOf(of);
  const source = sumsOf(table, range, ["client, server, protocol, port", ...columns].join(", "), where, longest);
  const { column } = await place.telemetry.columns(
    place.organisation,
    `select ${a} as a, ${b} as b, toUnixTimestamp(moment) as moment_, step, sum(${sql}) as value
     from ${source} group by a, b, moment_, step`,
    parametersOf(place),
  );
  return {
    a: column("a"),
    b: column("b"),
    moment: column("moment_"),
    step: column("step"),
    value: column("value"),
  };
}

function courseOf(of: Course): { readonly a: string; readonly b: string; readonly where: string } {
  switch (of.by) {
    case "endpoint":
      return {
        a: `arrayJoin(arrayFilter(end -> end in ${list(of.ids)}, [client, server]))`,
        b: "0",
        where: whereOf({ endpoints: of.ids }),
      };
    case "pair":
      return { a: "client", b: "server", where: `client in ${list(of.ids)} and server in ${list(of.ids)}` };
    case "protocol":
      return { a: "protocol", b: "0", where: `protocol in ${list(of.protocols)}` };
    default: {
      const pairs = of.services.map(([protocol, port]) => `(${Math.floor(protocol)}, ${Math.floor(port)})`);
      return { a: "protocol", b: "port", where: `(protocol, port) in (${pairs.join(",") || "(0, 0)"})` };
    }
  }
}

/** Totals as columns, one value for each client, server, protocol and port. */
export interface Totals {
  readonly rows: number;
  readonly client: ArrayLike<number>;
  readonly server: ArrayLike<number>;
  readonly protocol: ArrayLike<number>;
  readonly port: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly bytes: ArrayLike<number>;
  readonly packets: ArrayLike<number>;
}

/** Totals by client, server, protocol and port: what a ranking adds up by device. */
export async function readTotals(place: Place, range: Range, value: Value): Promise<Totals> {
  if (place.devices.length === 0)
    return { rows: 0, client: [], server: [], protocol: [], port: [], value: [], bytes: [], packets: [] };
  const { table, sql, columns } = values[value];
  const talk = table === "ot_pair";
  const amounts = ["bytes_out", "bytes_in", "packets_out", "packets_in"];
  const sums = talk ? [...new Set([...amounts, ...columns])] : columns;
  const query = grouped(place, { table, range, keys: ["client", "server", "protocol", "port"], sums, times: false });
  const [bytes, packets] = talk ? ["bytes_out + bytes_in", "packets_out + packets_in"] : ["0", "0"];
  const { rows, column } = await place.telemetry.columns(
    place.organisation,
    `select client, server, protocol, port, ${sql} as value, ${bytes} as bytes, ${packets} as packets from (${query})`,
    parametersOf(place),
  );
  return {
    rows,
    client: column("client"),
    server: column("server"),
    protocol: column("protocol"),
    port: column("port"),
    value: column("value"),
    bytes: column("bytes"),
    packets: column("packets"),
  };
}
