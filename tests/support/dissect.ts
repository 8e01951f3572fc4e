/** Feeds bytes to one dissector and writes down all that it tells: for tests of dissectors, without the engine. */
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { Reader } from "@yagura/packets/reader.ts";
import type { CommandDetail, Context, Dissector, Recognised } from "@yagura/ot/protocols/dissector.ts";
import type { BindingKind, Outcome, Transport } from "@yagura/ot/wire/vocabulary.ts";

export interface Told {
  readonly commands: ({
    readonly outcome: Outcome;
    readonly code: number;
    readonly fromClient: boolean;
  } & CommandDetail)[];
  /** `source vendor=Siemens`, `aa:bb:…:ff name=plc1`. */
  readonly identities: string[];
  readonly bindings: { readonly kind: BindingKind; readonly mac: number; readonly address: string }[];
  readonly lookups: { readonly name: string; readonly type: number; readonly outcome: number }[];
  readonly weaknesses: string[];
  readonly weirds: string[];
  readonly became: string[];
  /** What each call of `dissect` answered. */
  readonly answers: number[];
  recognised: Recognised | null;
}

export interface Sent {
  /** Hexadecimal with spaces, or bytes. */
  readonly bytes: string | Uint8Array;
  readonly fromClient?: boolean;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly transport?: Transport;
}

export const bytesOf = (bytes: string | Uint8Array): Uint8Array =>
  typeof bytes === "string" ? Uint8Array.from(Buffer.from(bytes.replaceAll(/\s|#.*$/gm, ""), "hex")) : bytes;

/** The dissectors that `inside` may reach are given in `others`. */
export function dissect(dissector: Dissector, sent: readonly Sent[], others: readonly Dissector[] = []): Told {
  const told: Told = {
    commands: [],
    identities: [],
    bindings: [],
    lookups: [],
    weaknesses: [],
    weirds: [],
    became: [],
    answers: [],
    recognised: null,
  };
  const states = new Map<string, unknown>();
  for (const one of sent) {
    const bytes = bytesOf(one.bytes);
    let fromClient = one.fromClient ?? true;
    const tell = (outcome: Outcome, code: number, detail: CommandDetail): void =>
      void told.commands.push({ outcome, code, fromClient, ...detail });
    let running: Dissector = dissector;
    const context: Context = {
      time: 1_700_000_000_000_000,
      transport:
        one.transport ?? (dissector.stream === true ? "tcp" : dissector.on.udp === undefined ? "ethernet" : "udp"),
      sourcePort: one.sourcePort ?? 49_152,
      destinationPort: one.destinationPort ?? dissector.on.tcp?.[0] ?? dissector.on.udp?.[0] ?? 0,
      sourceMac: 0x02_00_00_00_00_01,
      destinationMac: 0x02_00_00_00_00_02,
      get fromClient() {
        return fromClient;
      },
      get state() {
        return states.get(running.protocol) ?? null;
      },
      set state(value: unknown) {
        states.set(running.protocol, value);
      },
      client: (isSource) => void (fromClient = isSource),
      become: (protocol) => void told.became.push(protocol),
      inside(protocol, r, from, to) {
        const inner = others.find((other) => other.protocol === protocol);
        if (inner === undefined) return -1;
        const before = running;
        running = inner;
        const answer = inner.dissect(new Reader().open(r.bytes, from, to), context);
        running = before;
        return answer;
      },
      command: (outcome, code, detail = {}) => tell(outcome, code, detail),
      commandFast: (outcome, code, object, low, high, unit) => tell(outcome, code, { object, low, high, unit }),
      source: (attribute, value) => void (value !== "" && told.identities.push(`source ${attribute}=${value}`)),
      destination: (attribute, value) =>
        void (value !== "" && told.identities.push(`destination ${attribute}=${value}`)),
      device: (address, attribute, value) =>
        void (value !== "" && told.identities.push(`${address} ${attribute}=${value}`)),
      binding: (kind, mac, address) => void told.bindings.push({ kind, mac, address }),
      lookup: (name, type, outcome) => void told.lookups.push({ name, type, outcome }),
      weakness: (kind) => void told.weaknesses.push(kind),
      weird: (kind) => void told.weirds.push(kind),
      primitives: { sha256, openQuicInitial },
    };
    const r = new Reader().open(bytes, 0, bytes.length);
    told.recognised ??= dissector.recognise(r, context);
    let at = 0;
    do {
      const answer = dissector.dissect(r.open(bytes, at, bytes.length), context);
      told.answers.push(answer);
      if (answer <= 0) break;
      at += answer;
    } while (dissector.stream === true && at < bytes.length);
  }
  return told;
}
