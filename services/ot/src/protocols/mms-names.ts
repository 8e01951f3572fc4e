/**
 * Names in MMS requests that become labels: files (ISO 9506-2, annex D) and named variable lists (clause 14). Names of variables are
 * passed over. ObjectName: 80 of the VMD, a1 of a domain { 1a domain, 1a item }, 82 of the association. The reader stands on the
 * service's parameters and is left there.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { berSize, openBer } from "./codecs/ber.ts";

const MAX_LABEL = 128;

export function labelOf(r: Reader, service: number): string {
  const at = r.at;
  const label = read(r, service);
  r.at = at;
  r.short = false;
  return label.slice(0, MAX_LABEL);
}

function read(r: Reader, service: number): string {
  // Read, Write: variable access specification, in Read behind a flag.
  if (service === 4 || service === 5) {
    if (service === 4 && r.peek() === 0x80) r.skip(3);
    if (service === 4) {
      if (openBer(r) !== 0xa1) return "";
    }
    return variableListName(r);
  }
  // Define and ask for a named variable list; delete names it in a set.
  if (service === 11 || service === 12) return objectName(r);
  if (service === 13) {
    let tag = openBer(r);
    if (tag === 0x80) {
      r.skip(berSize());
      tag = openBer(r);
    }
    return tag === 0xa1 ? objectName(r) : "";
  }
  // Files: open and directory wrap the name, obtain has a source and a destination, rename has two, delete is the name.
  if (service === 72 || service === 75 || service === 77 || service === 46) {
    const tag = openBer(r);
    return tag === 0xa0 || tag === 0xa1 ? fileName(r) : "";
  }
  return service === 76 ? fileName(r) : "";
}

/** Name of the list, or nothing when variables are listed one by one. */
export function variableListName(r: Reader): string {
  return openBer(r) === 0xa1 ? objectName(r) : "";
}

function objectName(r: Reader): string {
  const tag = openBer(r);
  const size = berSize();
  if (tag === 0x80 || tag === 0x82) return r.ascii(size);
  if (tag !== 0xa1 || openBer(r) !== 0x1a) return "";
  const domain = r.ascii(berSize());
  return openBer(r) === 0x1a ? `${domain}/${r.ascii(berSize())}` : "";
}

function fileName(r: Reader): string {
  return openBer(r) === 0x19 ? r.utf8(berSize()) : "";
}
