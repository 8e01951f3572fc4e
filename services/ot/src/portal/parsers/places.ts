/** Where a declared protocol listens, and its state, for lists and pages. */
import type { State } from "@yagura/core/state.ts";
import type { DeclaredParser } from "../../wire/api-declared.ts";
import { numeral, type DeclaredDescription } from "../../wire/declared.ts";

/** `TCP 9750, EtherType 0x88b5`. */
export const placesOf = ({ on }: DeclaredDescription): string =>
  [
    ...(on.tcp ?? []).map((port) => `TCP ${port}`),
    ...(on.udp ?? []).map((port) => `UDP ${port}`),
    ...(on.ethertype ?? []).map((type) => `EtherType 0x${numeral(type).toString(16).padStart(4, "0")}`),
  ].join(", ");

export const believedAnywhere = ({ bits, description }: DeclaredParser): boolean =>
  bits >= 32 && description.length !== undefined;

export type ParserState = "used" | "idle" | "ended";
export const stateOf = ({ enabled, endedAt }: DeclaredParser): ParserState =>
  endedAt !== null ? "ended" : enabled ? "used" : "idle";
export const parserMarks: Readonly<Record<ParserState, { readonly state: State; readonly order: number }>> = {
  used: { state: "good", order: 0 },
  idle: { state: "unknown", order: 1 },
  ended: { state: "unknown", order: 2 },
};
