/** What a text names of a product: order numbers, type designations, families, and words that make it another product. */

export interface Designation {
  /** Siemens order numbers without spaces, as written or with `.` for what may be anything. */
  readonly orders: readonly string[];
  /** Groups of type designations: of each group one has to fit. A designation is a pattern without anchors. */
  readonly groups: readonly (readonly string[])[];
  readonly families: ReadonlySet<string>;
  /** Words that distinguish variants: SIPLUS, PRO, EEC … */
  readonly modifiers: ReadonlySet<string>;
  /** Series letters (Rockwell), empty when not told. */
  readonly series: ReadonlySet<string>;
  /** Version line that the name ends with: `ROX V2.X`; null when none. */
  readonly line: string | null;
  /** A program for a PC, not the device that it is made for. */
  readonly software: boolean;
  /** Names nothing but families: no word is left that would make it a part or an accessory. */
  readonly whole: boolean;
}

/** Families that advisories name as a whole, by how product texts and devices' models show them. */
const families: readonly (readonly [family: string, named: RegExp, member: RegExp | null])[] = [
  ["S7-200", /\bS7-200\b/i, /\b6ES7 ?21\d|\bCPU ?22\d/i],
  ["S7-300", /\bS7-300\b/i, /\b6ES7 ?31\d|\bCPU ?31\d/i],
  ["S7-400", /\bS7-400\b/i, /\b6ES7 ?41\d|\bCPU ?41\d/i],
  ["S7-1200", /\bS7-1200\b/i, /\b6ES7 ?21[1-7]|\bCPU ?12\d\d/i],
  ["S7-1500", /\bS7-1500\b/i, /\b6ES7 ?51[1-8]|\bCPU ?15\d\d/i],
  ["ET 200S", /\bET ?200 ?S\b/i, null],
  ["ET 200SP", /\bET ?200 ?SP\b/i, null],
  ["ET 200pro", /\bET ?200 ?pro\b/i, null],
  ["ET 200M", /\bET ?200 ?M\b/i, null],
  ["ET 200MP", /\bET ?200 ?MP\b/i, null],
  ["ControlLogix 5560", /ControlLogix (?:L)?5560/i, /\b1756-L6\d/i],
  ["ControlLogix 5570", /(?<!Guard|Compact)(?:ControlLogix|Control Logix) (?:L)?5570/i, /\b1756-L7\d(?!\w*S)/i],
  ["ControlLogix 5580", /ControlLogix (?:L)?5580/i, /\b1756-L8\d(?!\w*S)/i],
  ["GuardLogix 5570", /(?<!Compact )GuardLogix 5570/i, /\b1756-L7\d\w*S/i],
  ["GuardLogix 5580", /(?<!Compact )GuardLogix 5580/i, /\b1756-L8\d\w*S/i],
  ["CompactLogix 5370", /CompactLogix 5370/i, /\b1769-L(1|2|3)\d?ER?(?!\w*S)/i],
  ["CompactLogix 5380", /CompactLogix 5380/i, /\b5069-L3\d\d?ER(?!S)/i],
  ["CompactLogix 5480", /CompactLogix 5480/i, /\b5069-L4/i],
  ["Compact GuardLogix 5370", /Compact ?GuardLogix 5370/i, /\b1769-L3\d\w*S/i],
  ["Compact GuardLogix 5380", /Compact ?GuardLogix 5380/i, /\b5069-L3\d\d?ERS/i],
  ["MicroLogix 1100", /MicroLogix 1100/i, /\b1763-L16/i],
  ["MicroLogix 1400", /MicroLogix 1400/i, /\b1766-L32/i],
  ["Modicon M340", /\bM340\b/i, /\bBMX ?P34/i],
  ["Modicon M580", /\bM580\b/i, /\bBME ?[PH]58/i],
  ["Modicon Premium", /Modicon Premium|\bTSX P57/i, /\bTSX ?P57/i],
  ["Modicon Quantum", /Modicon Quantum|\b140 ?CPU/i, /\b140 ?CPU/i],
  ["iQ-R", /\biQ-R\b/i, /^R\d\w*CPU/i],
  ["iQ-F", /\biQ-F\b/i, /^FX5/i],
  ["MELSEC Q", /\bMELSEC[ -]Q\b/i, /^Q\d\w*CPU/i],
  ["MELSEC L", /\bMELSEC[ -]L\b/i, /^L\d\w*CPU/i],
  ["MELSEC-F", /\bMELSEC[ -]F\b/i, /^FX3/i],
  ["NJ", /\bNJ\b|\bNJ\d?-series|\bNJ\/NX/i, /^NJ\d/i],
  ["NX", /\bNX\b|\bNX\d?-series|\bNJ\/NX/i, /^NX[17]/i],
];
const modifierWords =
  /\b(SIPLUS|PRO|IRT|EEC|LH|FM|LD|RAIL|TX|EX|XT|PC2?|PLUS|REDUNDANT|SAFETY|LITE|WIRELESS|NC|GPON|BA|HF|HS|RT|ST)\b/gi;
/** Words beside the name of a family that leave it whole. */
const general =
  /\b(simatic|modicon|melsec|sysmac|allen-bradley|rockwell|automation|mitsubishi|electric|omron|siemens|schneider|cpus?|modules?|family|families|series|controllers?|plcs?|machine|programmable|logic|safety|and|all|with|firmware|process|products?|ether ?net|devices?|part|numbers?|hot|standby|variants?|f|q|l|fx)\b/gi;
const softwareWords =
  /\b(DTMs?|workbench|tool ?kit|software|studio|programmer|library|simulator|simulation|runtime|builder|designer|configurator|manager|utility|suite|driver|editor|viewer|navigator|loader|advanced simulator|app|portal|plugin|works\d?|center|server)\b/i;
/** Siemens: 6ES7 315-2EH14-0AB0, with x or * for digits that may differ. */
const orderNumber =
  /\b(6[A-Z]{2}\d|6ED\d|6AG\d|6NH\d)[ -]?([\dA-Zx*]{3})-?([\dA-Zx*]{5})(?:-([\dA-Zx*]{4}))?(?![\dA-Z])/g;
const voltage = /^\d+(\.\d+)?(V|VAC|VDC|W|A|MB|GB|M|MM|KG|HZ|X)$/i;

const escape = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
/** Placeholders of catalogues: □ or [] one sign, * one or more, (EN) may be missing. */
const pattern = (token: string): string =>
  escape(token)
    .replaceAll("□", "[A-Z0-9]")
    .replaceAll(/\*+/g, "[A-Z0-9]+")
    .replaceAll(/\\\(([A-Z0-9-]+)\\\)/g, "(?:$1)?");

/** Reads a product of an advisory, or the model of a device. */
export function designationOf(written: string): Designation {
  const orders: string[] = [];
  let text = written.normalize("NFKC").replaceAll("□", "□").replaceAll("[]", "□");
  text = text.replaceAll(orderNumber, (found) => {
    orders.push(
      found
        .toUpperCase()
        .replaceAll(/[ -]/g, "")
        .replaceAll(/(?<=.{4})[X*]/g, "."),
    );
    return " ";
  });
  // Remarks are not part of the name: (incl. SIPLUS variants), (24V), (EU), (unsigned version).
  const modifiersIn = text.replaceAll(/\((?:[^()]*incl[^()]*|[^()]*unsigned[^()]*)\)/gi, " ");
  const bare = modifiersIn
    .replaceAll(/\s*□\s*/g, "□")
    .replaceAll(/□+[- ]*$/g, "□")
    .replaceAll(/(?<![A-Z0-9])\([^)]*\)/gi, " ");
  const series = new Set<string>();
  let body = bare.replaceAll(/\bseries\s+((?:[A-Z]\b(?:\s*(?:,|and|&|\/)\s*)?)+)/gi, (_, letters: string) => {
    for (const letter of letters.match(/\b[A-Z]\b/gi) ?? []) series.add(letter.toUpperCase());
    return " ";
  });
  let line: string | null = null;
  body = body.replace(/\s+(V\d+(?:\.(?:X|\d+))*)\s*$/i, (_, version: string) => {
    line = version;
    return " ";
  });
  const named = families.filter(([, name]) => name.test(body));
  const member = families.filter(([, , of]) => of?.test(written) === true);
  const groups: string[][] = [];
  for (const [, name] of named) body = body.replace(name, " ");
  for (const token of body.split(/[\s,;]+/)) {
    const group = alternatives(token.toUpperCase(), series);
    if (group.length > 0) groups.push(group);
  }
  return {
    orders,
    groups,
    families: new Set([...named, ...member].map(([family]) => family)),
    modifiers: new Set((bare.match(modifierWords) ?? []).map((word) => word.toUpperCase())),
    series,
    line,
    software: softwareWords.test(bare),
    whole: named.length > 0 && !/[a-z0-9]/i.test(body.replaceAll(general, " ")),
  };
}

/** Designations that a word stands for: `1734-AENT/1734-AENTR` two, `R00/01/02CPU` three, `1756-EN2TR/C` one of series C. */
function alternatives(word: string, series: Set<string>): string[] {
  const token = word.replaceAll(/^[^A-Z0-9□*]+|[^A-Z0-9□*)]+$/g, "");
  const letter = /^(.*\d.*)\/([A-Z])$/.exec(token);
  if (letter !== null) {
    series.add(letter[2] as string);
    return alternatives(letter[1] as string, series);
  }
  const numbers = /^([A-Z]+)(\d+(?:\/\d+)+)([A-Z].*)$/.exec(token);
  if (numbers !== null)
    return (numbers[2] as string).split("/").map((number) => pattern(`${numbers[1]}${number}${numbers[3]}`));
  const parts = token.split("/");
  if (parts.length > 1 && parts.every((part) => /\d/.test(part) && part.length >= 4))
    return parts.filter(isDesignation).map(pattern);
  return isDesignation(token) ? [pattern(token)] : [];
}
/** A type designation has a digit, and is neither a voltage, a version nor a small number. */
function isDesignation(token: string): boolean {
  if (!/\d/.test(token) || token.length < 3 || voltage.test(token)) return false;
  return /[A-Z□*-]/.test(token) ? !/^V\d+(\.\w+)*$/.test(token) && !/^\d+\.\d+/.test(token) : token.length >= 4;
}
