/**
 * Spanning Tree BPDUs, IEEE 802.1D-2004, clause 9.3 (STP, RSTP) and 802.1Q (MSTP), also Cisco's per-VLAN form.
 *
 *   0          2         3      4       5           13     17            25     27 …
 *   | 0 (id)   | version | type | flags | root (8)  | cost | bridge (8)  | port | ages
 *
 * A bridge says its own id and that of the root: two addresses of switches. They are told once as long as they stay.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { macText } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";

const CONFIGURATION = 0;
const RAPID = 2;
const CHANGE = 0x80;
const functions = functionTable([
  [CONFIGURATION, "configuration", "report"],
  [RAPID, "rapid spanning tree", "report"],
  [CHANGE, "topology change notification", "report"],
]);

interface State {
  root: number;
  bridge: number;
}

function fits(r: Reader): boolean {
  if (r.peek16() !== 0 || r.left < 4) return false;
  const version = r.peek(2);
  const type = r.peek(3);
  if (type === CHANGE) return version === 0;
  return (
    (type === CONFIGURATION || type === RAPID) && (version === 0 || version === 2 || version === 3) && r.left >= 35
  );
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const length = r.end - r.start;
  const type = r.peek(3);
  c.client(true);
  c.commandFast("event", type, 0, -1, -1, -1);
  if (type === CHANGE) return length;
  r.skip(7);
  const root = r.u48();
  r.skip(6);
  const bridge = r.u48();
  const state = (c.state ??= { root: 0, bridge: 0 } satisfies State) as State;
  if (state.bridge !== bridge) {
    state.bridge = bridge;
    c.source("capability", "bridge");
    c.device(macText(bridge), "role", "switch");
  }
  if (state.root !== root) {
    state.root = root;
    c.device(macText(root), "capability", "spanning-tree-root");
  }
  return length;
}

export const stp: Dissector = {
  protocol: "stp",
  specification: "IEEE 802.1D-2004, 9.3",
  on: { llc: [0x42, 0x00_00_0c * 65_536 + 0x01_0b] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
