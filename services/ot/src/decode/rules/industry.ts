/** Keywords of Modbus, DNP3 and EtherNet/IP, read from the bytes of one message (Suricata user guide, chapters of these). */
import { Refused, type FieldCheck } from "./rule.ts";

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
const u16le = (bytes: Uint8Array, at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8);

/** `1`, `!1`, `>1`, `<5`, `1<>5`. */
function number(text: string): (value: number) => boolean {
  const between = /^(\d+)\s*<>\s*(\d+)$/.exec(text);
  if (between !== null) return (value) => value > Number(between[1]) && value < Number(between[2]);
  const [, operator = "", digits] = /^([!<>]?)\s*(\d+|0x[0-9a-f]+)$/i.exec(text) ?? [];
  if (digits === undefined) throw new Refused("number", { text });
  const wanted = Number(digits);
  if (operator === "!") return (value) => value !== wanted;
  if (operator === "<") return (value) => value < wanted;
  return operator === ">" ? (value) => value > wanted : (value) => value === wanted;
}

const isModbus = (bytes: Uint8Array, from: number, to: number): boolean => to - from >= 8 && u16(bytes, from + 2) === 0;
/** Function codes that read or write, by table (Modbus Application Protocol V1.1b3, section 6). */
const access = {
  read: { any: [1, 2, 3, 4, 20, 23, 24], discretes: [2], coils: [1], input: [4], holding: [3, 23] },
  write: { any: [5, 6, 15, 16, 21, 22, 23], discretes: [], coils: [5, 15], input: [], holding: [6, 16, 22, 23] },
} as const;

/** `modbus: function 8, subfunction 4`, `unit 10, function 5`, `access write holding, address 10<>50`. */
export function parseModbus(value: string): FieldCheck {
  const tests: FieldCheck["holds"][] = [];
  for (const part of value.split(",").map((text) => text.trim())) {
    const [word = "", first = "", second] = part.split(/\s+/);
    const rest = part.slice(word.length).trim();
    if (word === "unit") {
      const is = number(rest);
      tests.push((bytes, from) => is(bytes[from + 6] as number));
    } else if (word === "function") {
      const is = number(rest);
      tests.push((bytes, from) => is(bytes[from + 7] as number));
    } else if (word === "subfunction") {
      const is = number(rest);
      tests.push((bytes, from, to) => to - from >= 10 && is(u16(bytes, from + 8)));
    } else if (word === "address") {
      const is = number(rest);
      tests.push((bytes, from, to) => to - from >= 10 && is(u16(bytes, from + 8)));
    } else if (word === "access" && (first === "read" || first === "write")) {
      const table = second ?? "any";
      if (!(table in access[first])) throw new Refused("value", { option: "modbus access", text: rest });
      const codes: readonly number[] = access[first][table as keyof (typeof access)["read"]];
      tests.push((bytes, from) => codes.includes(bytes[from + 7] as number));
    } else throw new Refused("value", { option: "modbus", text: part });
  }
  return {
    type: "field",
    holds: (bytes, from, to) => isModbus(bytes, from, to) && tests.every((test) => test(bytes, from, to)),
  };
}

const dnp3Functions = [
  "confirm",
  "read",
  "write",
  "select",
  "operate",
  "direct_operate",
  "direct_operate_nr",
  "immed_freeze",
  "immed_freeze_nr",
  "freeze_clear",
  "freeze_clear_nr",
  "freeze_at_time",
  "freeze_at_time_nr",
  "cold_restart",
  "warm_restart",
  "initialize_data",
  "initialize_appl",
  "start_appl",
  "stop_appl",
  "save_config",
  "enable_unsolicited",
  "disable_unsolicited",
  "assign_class",
  "delay_measure",
  "record_current_time",
  "open_file",
  "close_file",
  "delete_file",
  "get_file_info",
  "authenticate_file",
  "abort_file",
  "activate_config",
  "authenticate_req",
  "authenticate_err",
];

/** `dnp3_func: write` or a number: byte 12 of a frame whose transport segment is the first (IEEE 1815, sections 9.2 and 8.2). */
export function parseDnp3Function(value: string): FieldCheck {
  const text = value.trim().toLowerCase();
  const named = text === "response" ? 129 : text === "unsolicited_response" ? 130 : dnp3Functions.indexOf(text);
  const code = /^\d+$/.test(text) ? Number(text) : named;
  if (code < 0) throw new Refused("value", { option: "dnp3_func", text: value });
  return {
    type: "field",
    holds: (bytes, from, to) =>
      to - from >= 13 &&
      u16(bytes, from) === 0x0564 &&
      ((bytes[from + 10] as number) & 0x40) !== 0 &&
      bytes[from + 12] === code,
  };
}

/** `enip_command:99`: the first field of the header, little endian (CIP Volume 2, section 2-3). */
export function parseEnipCommand(value: string): FieldCheck {
  const is = number(value.trim());
  return { type: "field", holds: (bytes, from, to) => to - from >= 24 && is(u16le(bytes, from)) };
}

/** `cip_service:75`: of the first data item (CIP Volume 2, section 2-6); a connected one has a sequence number before it. */
export function parseCipService(value: string): FieldCheck {
  if (value.includes(",")) throw new Refused("cip-class");
  const is = number(value.trim());
  return {
    type: "field",
    holds: (bytes, from, to) => {
      const at = cipAt(bytes, from, to);
      return at >= 0 && is((bytes[at] as number) & 0x7f);
    },
  };
}

/** Items of a message that are looked at. */
const MAX_ITEMS = 8;

function cipAt(bytes: Uint8Array, from: number, to: number): number {
  const command = to - from >= 32 ? u16le(bytes, from) : 0;
  if (command !== 0x6f && command !== 0x70) return -1;
  const count = Math.min(MAX_ITEMS, u16le(bytes, from + 30));
  let at = from + 32;
  for (let i = 0; i < count && at + 4 <= to; i++) {
    const [type, length] = [u16le(bytes, at), u16le(bytes, at + 2)];
    const data = at + 4 + (type === 0xb1 ? 2 : 0);
    if (type === 0xb1 || type === 0xb2) return data < to ? data : -1;
    at += 4 + length;
  }
  return -1;
}
