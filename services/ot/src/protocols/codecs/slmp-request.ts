/** What an SLMP or MC request touches: device areas with their first and last number. */
import type { Reader } from "@yagura/packets/reader.ts";
import { MODULE_BUFFER, OWN_BUFFER, device, isDevice, mcNumber, readDevice } from "./melsec.ts";

/** Device areas told of one request; further ones of a random access are left out. */
export const MAX_AREAS = 8;

/** Where `readAreas` leaves what it read: area k is objects[k], lows[k] … highs[k]. */
export const areas = {
  count: 0,
  objects: new Int32Array(MAX_AREAS),
  lows: new Float64Array(MAX_AREAS),
  highs: new Float64Array(MAX_AREAS),
};

function add(object: number, low: number, points: number): void {
  const high = low + Math.max(points, 1) - 1;
  for (let k = 0; k < areas.count; k++) {
    if (areas.objects[k] !== object) continue;
    if (low < (areas.lows[k] as number)) areas.lows[k] = low;
    if (high > (areas.highs[k] as number)) areas.highs[k] = high;
    return;
  }
  if (areas.count === MAX_AREAS) return;
  areas.objects[areas.count] = object;
  areas.lows[areas.count] = low;
  areas.highs[areas.count] = high;
  areas.count++;
}

/**
 * Reads the data of a request (behind command and subcommand) as far as it names devices. False when it does not fit the
 * command: an unknown device, or data that end early.
 */
export function readAreas(r: Reader, command: number, subcommand: number, ascii: boolean): boolean {
  areas.count = 0;
  const wide = (subcommand & 0x02) !== 0;
  const extended = (subcommand & 0x80) !== 0;
  const bits = (subcommand & 0x01) !== 0;
  switch (command) {
    case 0x0401:
    case 0x1401: {
      readDevice(r, ascii, wide, extended);
      add(device.code, device.number, mcNumber(r, 2, ascii));
      break;
    }
    case 0x0403:
    case 0x0801:
    case 0x1402: {
      if (!random(r, command, { ascii, wide, extended, bits })) return false;
      break;
    }
    case 0x0406:
    case 0x1406: {
      blocks(r, command === 0x1406, ascii, wide, extended);
      break;
    }
    case 0x0613:
    case 0x1613: {
      const head = mcNumber(r, 4, ascii);
      add(OWN_BUFFER, head, mcNumber(r, 2, ascii));
      break;
    }
    case 0x0601:
    case 0x1601: {
      const head = mcNumber(r, 4, ascii);
      add(MODULE_BUFFER, head, mcNumber(r, 2, ascii));
      break;
    }
    default:
      return true;
  }
  return !r.short && allKnown();
}

function allKnown(): boolean {
  for (let k = 0; k < areas.count; k++) {
    const object = areas.objects[k] as number;
    if (object < OWN_BUFFER && !isDevice(object)) return false;
    if ((areas.lows[k] as number) < 0) return false;
  }
  return true;
}

interface Form {
  readonly ascii: boolean;
  readonly wide: boolean;
  readonly extended: boolean;
  readonly bits: boolean;
}

function random(r: Reader, command: number, { ascii, wide, extended, bits }: Form): boolean {
  const writes = command === 0x1402;
  const first = mcNumber(r, 1, ascii);
  const second = writes && bits ? 0 : mcNumber(r, 1, ascii);
  if (first < 0 || second < 0 || first + second === 0) return false;
  const perByte = ascii ? 2 : 1;
  for (let k = 0; k < first + second && !r.short; k++) {
    readDevice(r, ascii, wide, extended);
    add(device.code, device.number, k < first ? 1 : 2);
    if (writes) r.skip((bits ? (wide ? 2 : 1) : k < first ? 2 : 4) * perByte);
  }
  return true;
}

function blocks(r: Reader, writes: boolean, ascii: boolean, wide: boolean, extended: boolean): void {
  const words = mcNumber(r, 1, ascii);
  const bits = mcNumber(r, 1, ascii);
  for (let k = 0; k < words + bits && !r.short; k++) {
    readDevice(r, ascii, wide, extended);
    const points = mcNumber(r, 2, ascii);
    // A point of a bit block is sixteen bits.
    add(device.code, device.number, k < words ? points : points * 16);
    if (writes) r.skip(points * (ascii ? 4 : 2));
  }
}
