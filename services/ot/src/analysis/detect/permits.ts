/** Planned work (OT-28, OT-N4): inside a permit nothing is told; what goes beyond one is told with the permit's name. */
import type { CommandClass } from "../../wire/vocabulary.ts";
import { findingKinds } from "../findings.ts";
import { DAY } from "./settings.ts";
import type { Draft, Run } from "./run.ts";
import type { Permit } from "./types.ts";
import { atMinute, both, classWords } from "./words.ts";

/** So long before and after the permitted time work of the same client still counts as that work, overrun. */
const NEAR = DAY;
/** Findings that planned work explains, beside commands. */
const explained: Readonly<Record<string, readonly CommandClass[] | null>> = {
  "ot.conversation.new": null,
  "ot.command.new": null,
  "ot.zone.crossed": null,
  "ot.command.class-new": null,
  "ot.command.order": null,
  "ot.write.outside-range": ["write", "control", "force"],
  "ot.identity.firmware-changed": ["firmware", "download"],
  "ot.identity.changed": ["firmware", "download", "configure"],
  "ot.cycle.silent": ["stop", "restart", "mode", "firmware", "download"],
};

interface Judgement {
  readonly inside: Permit | null;
  /** The draft to be told instead. */
  readonly exceeded: Draft | null;
}
const none: Judgement = { inside: null, exceeded: null };

export function judgePermits(run: Run, draft: Draft): Judgement {
  const { permits } = run.input;
  if (permits.length === 0) return none;
  const isCommand = draft.class !== undefined && draft.client !== undefined;
  if (!isCommand && !(draft.kind in explained)) return none;
  const inside = permits.find((permit) => beyond(permit, draft).length === 0);
  if (inside !== undefined) return { inside, exceeded: null };
  if (!isCommand) return none;
  // Nearest permit: the one that is exceeded in the fewest ways, and of which the client or the device is a part.
  let nearest: { readonly permit: Permit; readonly ways: readonly Way[] } | undefined;
  for (const permit of permits) {
    const ways = beyond(permit, draft);
    if (!isRelated(permit, draft, ways)) continue;
    if (nearest === undefined || ways.length < nearest.ways.length) nearest = { permit, ways };
  }
  return nearest === undefined ? none : { inside: null, exceeded: exceeded(run, draft, nearest.permit, nearest.ways) };
}

type Way = "client" | "device" | "class" | "time";

function beyond(permit: Permit, draft: Draft): Way[] {
  const ways: Way[] = [];
  const [client, device] =
    draft.client === undefined ? [null, draft.about] : [draft.client, draft.server ?? draft.about];
  if (permit.clients !== null && client !== null && !permit.clients.includes(client)) ways.push("client");
  if (permit.devices !== null && !permit.devices.includes(device)) ways.push("device");
  if (!coversClass(permit, draft)) ways.push("class");
  if (draft.since < permit.from || draft.since >= permit.to) ways.push("time");
  return ways;
}

function coversClass({ classes }: Permit, draft: Draft): boolean {
  if (classes === null) return true;
  if (draft.class !== undefined) return classes.includes(draft.class) || isHarmless(draft.class);
  const of = explained[draft.kind];
  return of === null || of === undefined || of.some((one) => classes.includes(one));
}
/** What every kind of work needs: sessions, identification, reading, diagnosis. */
const isHarmless = (kind: CommandClass): boolean => ["session", "identify", "read", "diagnose", "login"].includes(kind);

/** Somebody who has a permit did it, or it was done to a device under work, at about that time. */
function isRelated(permit: Permit, draft: Draft, ways: readonly Way[]): boolean {
  if (draft.since < permit.from - NEAR || draft.since >= permit.to + NEAR) return false;
  const sameClient = permit.clients !== null && !ways.includes("client");
  const sameDevice = permit.devices !== null && !ways.includes("device");
  return sameClient || (sameDevice && !ways.includes("time"));
}

const wayWords: Readonly<Record<Way, { readonly en: string; readonly ja: string }>> = {
  client: { en: "another device did it", ja: "作業者として登録されていない機器からの操作" },
  device: { en: "it was done to another device", ja: "作業対象でない機器への操作" },
  class: { en: "this kind of command is not in the permit", ja: "許可されていない種類の命令" },
  time: { en: "it was outside the permitted time", ja: "許可された時間外" },
};

function exceeded(run: Run, draft: Draft, permit: Permit, ways: readonly Way[]): Draft {
  const { utcOffset } = run.input.settings;
  return {
    ...draft,
    kind: "ot.permit.exceeded",
    key: `${permit.id}|${draft.key}`,
    group: `permit|${permit.id}`,
    severity: draft.severity ?? findingKinds[draft.kind]?.severity ?? "bad",
    ...techniqueOf(draft),
    parameters: {
      ...draft.parameters,
      client: run.name(draft.client ?? draft.about),
      device: run.name(draft.server ?? draft.about),
      base: draft.kind,
      permit: permit.name,
      permitId: permit.id,
      permitFrom: atMinute(permit.from, utcOffset),
      permitTo: atMinute(permit.to, utcOffset),
      ...both("class", classWords[draft.class ?? "other"]),
      ...both("beyond", {
        en: ways.map((way) => wayWords[way].en).join("; "),
        ja: ways.map((way) => wayWords[way].ja).join("、"),
      }),
    },
  };
}

const techniqueOf = (draft: Draft): { readonly technique?: string } => {
  const technique = draft.technique ?? findingKinds[draft.kind]?.techniques?.[0];
  return technique === undefined ? {} : { technique };
};
