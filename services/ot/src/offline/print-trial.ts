/** The trial of a declared protocol for the eyes. */
import type { Language } from "@yagura/core/errors.ts";
import type { ParserTrial } from "../wire/api-declared.ts";
import { sayOdd } from "../wire/declared-odd.ts";
import { protocols, isCritical } from "../wire/vocabulary.ts";

const words = {
  en: {
    read: (t: ParserTrial) => `${t.name}: ${t.messages} messages in ${t.conversations} conversations (${t.packets} packets)`,
    there: (t: ParserTrial) => `On its ports: ${t.there.packets} packets, ${t.there.unread} of conversations that nobody read`,
    others: "Also spoken there",
    functions: "Functions",
    identities: "Devices say",
    odd: (t: ParserTrial) => `Not as described (${t.oddTotal})`,
    packet: "packet",
    byte: "byte",
    none: "–",
  },
  ja: {
    read: (t: ParserTrial) => `${t.name}: ${t.messages} メッセージ、${t.conversations} 通信（${t.packets} パケット）`,
    there: (t: ParserTrial) => `対象ポート: ${t.there.packets} パケット、うち読み取れなかった通信 ${t.there.unread} パケット`,
    others: "同じポートのほかのプロトコル",
    functions: "機能",
    identities: "機器の識別情報",
    odd: (t: ParserTrial) => `定義と合わない箇所（${t.oddTotal}）`,
    packet: "パケット",
    byte: "バイト",
    none: "–",
  },
} as const; // prettier-ignore

export function printTrial(trial: ParserTrial, language: Language): string {
  const say = words[language];
  const section = (title: string, lines: readonly string[]): string[] => [
    "",
    `== ${title} ==`,
    ...(lines.length === 0 ? [say.none] : lines),
  ];
  return [
    say.read(trial),
    say.there(trial),
    ...(trial.there.others.length === 0
      ? []
      : [`${say.others}: ${trial.there.others.map((one) => protocols[one].title).join(", ")}`]),
    ...section(
      say.functions,
      trial.functions.map(
        ({ code, name, class: kind, requests, responses, errors, events }) =>
          `${code}  ${name}  ${kind}${isCritical(kind) ? " (!)" : ""}  ${requests} / ${responses} / ${errors} / ${events}`,
      ),
    ),
    ...section(
      say.identities,
      trial.identities.map(({ address, attribute, value }) => `${address}  ${attribute}  ${value}`),
    ),
    ...section(
      say.odd(trial),
      trial.odd.map(
        ({ packet, byte, reason }) => `${say.packet} ${packet}, ${say.byte} ${byte}: ${sayOdd(reason, language)}`,
      ),
    ),
  ].join("\n");
}
