/** An upload with its indexes resolved, its numbers named, and its times in the server's clock. */
import { dissectors } from "../protocols/registry.ts";
import type { Dissector } from "../protocols/dissector.ts";
import { writeMac } from "../wire/addresses.ts";
import { numeral, slotName, type DeclaredDescription } from "../wire/declared.ts";
import { rowsOf, type MetadataBody } from "../wire/metadata.ts";
import { plainText } from "../wire/plain.ts";
import {
  attributes,
  bindings,
  commonWeirds,
  FIRST_OWN_WEIRD,
  protocols,
  transports,
  weaknesses,
  type CommandClass,
  type ProtocolName,
  isCritical,
} from "../wire/vocabulary.ts";
import type { CommandStep, Observation } from "./model.ts";

const nameOfProtocol = new Map<number, ProtocolName>(
  Object.entries(protocols).map(([name, { id }]) => [id, name as ProtocolName]),
);
const dissectorOf = new Map<ProtocolName, Dissector>(dissectors.map((dissector) => [dissector.protocol, dissector]));

/** A number that a newer sensor sends and we do not know is `unknown`. */
export const protocolName = (id: number): ProtocolName => nameOfProtocol.get(id) ?? "unknown";

/** Name and class of a protocol's function; a number that its table does not have is written as such. */
export function functionOf(
  protocol: ProtocolName,
  code: number,
): { readonly name: string; readonly class: CommandClass } {
  return (
    dissectorOf.get(protocol)?.functions?.get(code) ?? {
      name: `0x${code.toString(16).padStart(2, "0")}`,
      class: "other",
    }
  );
}

/** How a site calls things: what is built in, and the protocols that are declared for it (OT-N10). */
export interface Vocabulary {
  /** Of protocols in use and of ended ones whose history is kept. */
  readonly declared: ReadonlyMap<ProtocolName, DeclaredDescription>;
  readonly title: (protocol: ProtocolName) => string;
  readonly functionOf: typeof functionOf;
  readonly objectName: typeof objectName;
  /** Functions of the critical classes, by the protocol's number. */
  readonly critical: readonly CriticalFunction[];
}
export interface CriticalFunction {
  readonly protocol: number;
  readonly code: number;
}

/** Descriptions that were checked, each in its slot. */
export function vocabularyOf(
  slots: readonly { readonly slot: number; readonly description: DeclaredDescription }[],
): Vocabulary {
  if (slots.length === 0) return builtIn;
  const declared = new Map(slots.map(({ slot, description }) => [slotName(slot), description]));
  const functions = new Map<string, { readonly name: string; readonly class: CommandClass }>();
  const objects = new Map<string, string>();
  for (const [protocol, one] of declared) {
    for (const { code, name, class: kind } of one.functions) functions.set(`${protocol} ${numeral(code)}`, { name, class: kind }); // prettier-ignore
    for (const { number, name } of one.objects ?? []) objects.set(`${protocol} ${numeral(number)}`, name);
  }
  return {
    declared,
    title: (protocol) => declared.get(protocol)?.name ?? protocols[protocol].title,
    functionOf: (protocol, code) => functions.get(`${protocol} ${code}`) ?? functionOf(protocol, code),
    objectName: (protocol, object) => objects.get(`${protocol} ${object}`) ?? objectName(protocol, object),
    critical: [
      ...criticalFunctions,
      ...[...declared].flatMap(([protocol, one]) =>
        one.functions.flatMap(({ code, class: kind }) =>
          !isCritical(kind) ? [] : { protocol: protocols[protocol].id, code: numeral(code) },
        ),
      ),
    ],
  };
}
/** Without declared protocols. */
export const builtIn: Vocabulary = {
  declared: new Map(),
  title: (protocol) => protocols[protocol].title,
  functionOf,
  objectName,
  get critical() {
    return criticalFunctions;
  },
};

/** Every function of the critical classes, by the protocol's number. */
export const criticalFunctions: readonly CriticalFunction[] = dissectors.flatMap(({ protocol, functions }) =>
  [...(functions ?? [])].flatMap(([code, one]) =>
    !isCritical(one.class) ? [] : { protocol: protocols[protocol].id, code },
  ),
);
/** Object 0 is none where the protocol has no name for it. */
export function objectName(protocol: ProtocolName, object: number): string | null {
  const name = dissectorOf.get(protocol)?.objects?.get(object);
  return name ?? (object === 0 ? null : String(object));
}
export function weirdName(protocol: ProtocolName, kind: number): string {
  if (kind < FIRST_OWN_WEIRD) return commonWeirds[kind] ?? `weird-${kind}`;
  return dissectorOf.get(protocol)?.weirds?.[kind - FIRST_OWN_WEIRD] ?? `weird-${kind}`;
}

/** `aa:bb:cc:dd:ee:ff`; null for 0, which a link without MACs has. */
export const macText = (mac: number): string | null => (mac === 0 ? null : writeMac(mac));

const optional = (value: number): number | null => (value < 0 ? null : value);

/** `clockOffset`: server minus sensor, µs. `vocabulary`: of the site. Rows of attributes, bindings or weaknesses that we do not know are left out. */
export function observe(
  body: MetadataBody,
  from: { readonly sensor: string; readonly clockOffset: number; readonly vocabulary?: Vocabulary },
): Observation {
  const { vocabulary = builtIn } = from;
  const start = (body.from + from.clockOffset) / 1000;
  const texts = body.texts.map(plainText);
  const text = (index: number): string => texts[index] ?? "";
  const textOrNull = (index: number): string | null => texts[index] ?? null;
  const span = ({ first, last }: { first: number; last: number }) => ({ first: start + first, last: start + last });
  return {
    sensor: from.sensor,
    from: start,
    to: (body.to + from.clockOffset) / 1000,
    endpoints: Array.from(rowsOf(body, "endpoints"), ({ mac, vlan, address }) => ({
      mac: macText(mac),
      vlan,
      address: textOrNull(address),
    })),
    conversations: Array.from(rowsOf(body, "conversations"), (row) => ({
      ...row,
      ...span(row),
      transport: transports[row.transport] ?? "ip",
      protocol: protocolName(row.protocol),
      rtt: optional(row.rtt),
    })),
    commands: Array.from(rowsOf(body, "commands"), (row) => {
      const protocol = protocolName(row.protocol);
      return {
        ...row,
        ...span(row),
        ...vocabulary.functionOf(protocol, row.code),
        protocol,
        objectName: vocabulary.objectName(protocol, row.object),
        low: optional(row.low),
        high: optional(row.high),
        unit: optional(row.unit),
        label: textOrNull(row.label),
      };
    }),
    identities: [...rowsOf(body, "identities")].flatMap((row) => {
      const attribute = attributes[row.attribute];
      if (attribute === undefined) return [];
      return { ...row, ...span(row), attribute, value: text(row.value), protocol: protocolName(row.protocol) };
    }),
    bindings: [...rowsOf(body, "bindings")].flatMap((row) => {
      const [kind, mac] = [bindings[row.kind], macText(row.mac)];
      return kind === undefined || mac === null ? [] : { ...row, ...span(row), kind, mac, address: text(row.address) };
    }),
    ...talk(body, span, text, vocabulary),
    captures: Array.from(rowsOf(body, "captures"), ({ name, ...counters }) => ({ name: text(name), counters })),
  };
}

function talk(
  body: MetadataBody,
  span: (row: { first: number; last: number }) => { readonly first: number; readonly last: number },
  text: (index: number) => string,
  { functionOf: named }: Pick<Vocabulary, "functionOf">,
): Pick<Observation, "lookups" | "cycles" | "transitions" | "weaknesses" | "weirds" | "signatures"> {
  return {
    lookups: Array.from(rowsOf(body, "lookups"), (row) => ({
      ...row,
      ...span(row),
      protocol: protocolName(row.protocol),
      name: text(row.name),
      outcome: row.outcome === 255 ? null : row.outcome,
    })),
    cycles: Array.from(rowsOf(body, "cycles"), (row) => ({
      ...row,
      last: span({ first: 0, last: row.last }).last,
      protocol: protocolName(row.protocol),
      code: optional(row.code),
      object: optional(row.object),
    })),
    transitions: Array.from(rowsOf(body, "transitions"), ({ fromCode, toCode, client, server, count, ...row }) => {
      const protocol = protocolName(row.protocol);
      const step = (code: number): CommandStep => ({ code, ...named(protocol, code) });
      const [from, to] = [step(fromCode), step(toCode)];
      return { client, server, protocol, from, to, count, ...span(row) };
    }),
    weaknesses: [...rowsOf(body, "weaknesses")].flatMap((row) => {
      const kind = weaknesses[row.kind];
      return kind === undefined ? [] : { ...row, ...span(row), kind, protocol: protocolName(row.protocol) };
    }),
    weirds: Array.from(rowsOf(body, "weirds"), (row) => {
      const protocol = protocolName(row.protocol);
      return { ...row, ...span(row), protocol, kind: weirdName(protocol, row.kind) };
    }),
    signatures: Array.from(rowsOf(body, "signatures"), (row) => ({ ...row, ...span(row) })),
  };
}
