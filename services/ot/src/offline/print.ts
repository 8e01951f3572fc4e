/** An analysis for the eyes: short tables, the worst first. */
import type { Language } from "@yagura/core/errors.ts";
import { protocols, type ProtocolName } from "../wire/vocabulary.ts";
import type { Report } from "./report.ts";

const words = {
  ja: {
    devices: "機器",
    findings: "検知",
    none: "検知はありません。",
    commands: "制御コマンド",
    talk: "通信（通信量順）",
    capture: "取得状態",
    damaged: "読み取れなかった部分",
    more: (count: number) => `ほか ${count} 件（--json ですべて表示）`,
    heads: {
      devices: ["アドレス", "役割", "ベンダー", "型式", "ファームウェア", "MAC"],
      commands: ["送信元", "宛先", "プロトコル", "コマンド", "対象", "回数"],
      talk: ["クライアント", "サーバー", "プロトコル", "ポート", "バイト"],
    },
  },
  en: {
    devices: "Devices",
    findings: "Findings",
    none: "No findings.",
    commands: "Commands of the factory's protocols",
    talk: "Conversations, the greatest first",
    capture: "How well the capture shows the network",
    damaged: "What could not be read",
    more: (count: number) => `and ${count} more (all of them with --json)`,
    heads: {
      devices: ["address", "role", "vendor", "model", "firmware", "MAC"],
      commands: ["from", "to", "protocol", "command", "object", "times"],
      talk: ["client", "server", "protocol", "port", "bytes"],
    },
  },
} as const;
const MOST = 40;

/** Wide characters take two columns. */
const width = (text: string): number =>
  [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  );
const pad = (text: string, to: number): string => text + " ".repeat(Math.max(0, to - width(text)));

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, i) => Math.min(44, Math.max(width(head), ...rows.map((row) => width(row[i] ?? "")))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cell : pad(cell, widths[i] as number)))
      .join("  ")
      .trimEnd();
  return [line(heads), line(widths.map((size) => "─".repeat(size))), ...rows.map(line)];
}

export function printReport(report: Report, language: Language): string {
  const said = words[language];
  const cut = <T>(all: readonly T[], lines: (some: readonly T[]) => string[]): string[] => [
    ...lines(all.slice(0, MOST)),
    ...(all.length > MOST ? [said.more(all.length - MOST)] : []),
  ];
  const section = (title: string, lines: readonly string[]): string[] => [`== ${title} ==`, ...lines, ""];
  const titleOf = (protocol: ProtocolName): string => report.declared[protocol] ?? protocols[protocol].title;
  const factory = report.commands.filter(({ protocol }) => protocols[protocol].ot);
  return [
    `${report.packets} packets, ${report.from ?? "–"} … ${report.to ?? "–"}`,
    "",
    ...(report.damaged.length === 0
      ? []
      : section(
          said.damaged,
          report.damaged.map(({ file, reason }) => `${file}: ${reason}`),
        )),
    ...section(
      `${said.findings} (${report.findings.length})`,
      report.findings.length === 0
        ? [said.none]
        : cut(report.findings, (some) =>
            some.map(
              ({ severity, title, changed, advice }) => `[${severity}] ${title}\n    ${changed}\n    → ${advice}`,
            ),
          ),
    ),
    ...section(
      `${said.devices} (${report.assets.length})`,
      cut(report.assets, (some) =>
        table(
          said.heads.devices,
          some.map(({ name, role, attributes, macs }) => [
            name,
            role,
            attributes["vendor"] ?? "",
            attributes["model"] ?? attributes["order-number"] ?? "",
            attributes["firmware"] ?? "",
            macs.join(" "),
          ]),
        ),
      ),
    ),
    ...section(
      `${said.commands} (${factory.length})`,
      cut(factory, (some) =>
        table(
          said.heads.commands,
          some.map((row) => [
            row.client,
            row.server,
            titleOf(row.protocol),
            `${row.name}${row.critical ? " (!)" : ""}`,
            [
              row.objectName,
              row.low === null ? null : row.high === row.low ? `${row.low}` : `${row.low}–${row.high}`,
              row.label,
            ]
              .filter((part) => part !== null)
              .join(" "),
            String(Math.max(row.requests, row.responses + row.errors, row.events)),
          ]),
        ),
      ),
    ),
    ...section(
      `${said.talk} (${report.conversations.length})`,
      cut(report.conversations, (some) =>
        table(
          said.heads.talk,
          some.map(({ client, server, protocol, transport, port, bytesIn, bytesOut }) => [
            client,
            server,
            titleOf(protocol),
            `${transport}/${port}`,
            String(bytesIn + bytesOut),
          ]),
        ),
      ),
    ),
    ...section(
      said.capture,
      report.captures.flatMap(({ name, advice }) =>
        advice.length === 0 ? [] : [`${name}:`, ...advice.map((line) => `  ${line}`)],
      ),
    ),
  ].join("\n");
}
