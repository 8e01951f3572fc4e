/**
 * Paths of CIP (EPATH; The CIP Networks Library, volume 1, appendix C-1): segments that lead to class, instance, attribute or
 * a tag's name. A path is read once per conversation and remembered, because the same ones come in each cycle.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { CommandDetail } from "./dissector.ts";
import { SYMBOL } from "./cip-functions.ts";
import { keyOf } from "./codecs/remembered.ts";

const MAX_PATHS = 512;
const MAX_SEGMENTS = 16;

export interface CipPath {
  /** What every command on it tells: class, instance, tag. */
  readonly detail: CommandDetail;
  readonly class: number;
  readonly instance: number;
  readonly attribute: number;
  /** Place in the list of paths, −1 beyond MAX_PATHS. */
  readonly index: number;
}

export class CipPaths {
  readonly #byHash = new Map<number, CipPath>();
  readonly #list: CipPath[] = [];

  at(index: number): CipPath | null {
    return this.#list[index] ?? null;
  }

  /** Reads `size` bytes of path and moves behind them. */
  read(r: Reader, size: number): CipPath {
    const { bytes, at } = r;
    const end = Math.min(r.end, at + size);
    const hash = keyOf(bytes, at, end);
    const known = this.#byHash.get(hash);
    if (known !== undefined) {
      r.skip(size);
      return known;
    }
    const room = this.#list.length < MAX_PATHS;
    const path = readPath(r, size, room ? this.#list.length : -1);
    if (room && !r.short) {
      this.#byHash.set(hash, path);
      this.#list.push(path);
    }
    return path;
  }
}

function readPath(r: Reader, size: number, index: number): CipPath {
  const end = r.at + size;
  let [type, instance, attribute, label] = [0, -1, -1, ""];
  for (let i = 0; i < MAX_SEGMENTS && r.at + 1 < end && !r.short; i++) {
    const segment = r.u8();
    if (segment === 0x91) {
      const length = r.u8();
      const name = r.ascii(length);
      if (length % 2 === 1 && r.at < end) r.skip(1);
      label += label === "" ? name : `.${name}`;
    } else if (segment === 0x34) r.skip(r.u8() * 2);
    else if (segment >> 5 === 1) {
      const value = logical(r, segment & 3);
      const kind = (segment >> 2) & 7;
      if (kind === 0 && type === 0) type = value;
      else if (kind === 1 && instance === -1) instance = value;
      else if (kind === 4) attribute = value;
    } else break; // ports, network, data: nothing that names an object
  }
  if (r.at < end) r.skip(end - r.at);
  if (label !== "") type = SYMBOL;
  const place = instance >= 0 ? { low: instance, high: instance } : {};
  const detail = label === "" ? { object: type, ...place } : { object: type, label: label.slice(0, 128) };
  return { detail, class: type, instance, attribute, index };
}

function logical(r: Reader, format: number): number {
  if (format === 0) return r.u8();
  r.skip(1); // pad
  return format === 1 ? r.u16le() : r.u32le();
}
