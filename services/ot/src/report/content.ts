/** The assessment as a document: a page for the manager, then what the engineer does (OT-30). Pure. */
import type { ReportBlock, ReportContent } from "@yagura/reports/shapes.ts";
import { findingKinds } from "../analysis/findings.ts";
import type { Assessment } from "../wire/api-register.ts";
import { roleWords, severityWords, stateWords, words, type Both } from "./words.ts";

type Mark = "good" | "notice" | "bad" | "critical";
type Finding = Assessment["findings"][number];
type Head = Pick<ReportContent, "number" | "issuedOn" | "issuer" | "recipient" | "period">;

/** Rows of a list that a reader still takes in. */
const MOST = 15;

const fill = (text: Both, parameters: Finding["parameters"]): Both => {
  const one = (sentence: string): string =>
    sentence.replaceAll(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => String(parameters[name] ?? "")).trim();
  return { ja: one(text.ja), en: one(text.en) };
};
/** A kind by its title; what differs from case to case is left open. */
const titleOf = (kind: string): Both => {
  const row = findingKinds[kind];
  if (row === undefined) return { ja: kind, en: kind };
  const open = (text: string): string => text.replaceAll(/\{[A-Za-z0-9_]+\}/g, "…");
  return { ja: open(row.title.ja), en: open(row.title.en) };
};
const figures = (count: number): Both => ({ ja: `${count} 件`, en: `${count}` });

export const markOf = ({ score, tally }: Pick<Assessment, "score" | "tally">): Mark =>
  tally.critical > 0 ? "critical" : score < 50 ? "bad" : score < 80 ? "notice" : "good";

export function reportContent(assessment: Assessment, head: Head): ReportContent {
  const mark = markOf(assessment);
  return {
    ...head,
    subject: assessment.site.name,
    title: words.title,
    score: { value: assessment.score, label: words.verdict[mark], mark },
    summary: summaryOf(assessment),
    tiles: tilesOf(assessment),
    sections: [
      { title: words.findings, lead: words.findingsLead, blocks: findingBlocks(assessment) },
      { title: words.kinds, blocks: [kindTable(assessment)] },
      { title: words.inventory, blocks: inventoryBlocks(assessment) },
      { title: words.quality, blocks: [qualityTable(assessment)] },
      { title: words.method, blocks: [{ kind: "text", text: words.methodText }] },
    ],
  };
}

/** A sentence each; what to do first comes last, so that it is what stays. */
function summaryOf({ assets, tally, findings, quality, site }: Assessment): Both[] {
  const open = tally.critical + tally.bad + tally.notice;
  const sentences: Both[] = [
    {
      ja: `${site.name} で ${assets.total} 台の機器を確認しました。期間内に新しく現れた機器は ${assets.appeared} 台です。`,
      en: `${assets.total} devices were seen at ${site.name}; ${assets.appeared} of them appeared in this time.`,
    },
  ];
  if (assets.unregistered !== null && assets.unregistered > 0)
    sentences.push({
      ja: `資産台帳にない機器が ${assets.unregistered} 台あります。`,
      en: `${assets.unregistered} devices are not in your own list.`,
    });
  sentences.push(
    open === 0
      ? { ja: "対応が必要な検知はありません。", en: "Nothing that was found needs you." }
      : {
          ja: `検知は ${open} 件です（重大 ${tally.critical}、警告 ${tally.bad}、注意 ${tally.notice}）。`,
          en: `${open} findings: ${tally.critical} critical, ${tally.bad} warnings, ${tally.notice} notices.`,
        },
  );
  const deaf = quality.filter(({ state }) => state === "bad" || state === "unknown").length;
  if (deaf > 0)
    sentences.push({
      ja: `${deaf} 台のセンサーで通信を十分に取得できていません。見えていない通信があります。`,
      en: `${deaf} sensors do not hear well: some talk is not seen.`,
    });
  const seen = new Set<string>();
  for (const finding of findings) {
    const row = findingKinds[finding.kind];
    if (row === undefined || seen.has(finding.kind) || seen.size === 3) continue;
    seen.add(finding.kind);
    const title = fill(row.title, finding.parameters);
    const advice = fill(row.advice, finding.parameters);
    sentences.push({
      ja: `${words.doFirst.ja}: ${title.ja} — ${advice.ja}`.slice(0, 600),
      en: `${words.doFirst.en}: ${title.en} — ${advice.en}`.slice(0, 600),
    });
  }
  return sentences;
}

function tilesOf({ assets, tally, protocols: spoken, quality }: Assessment): ReportContent["tiles"] {
  const worst = (["bad", "notice", "unknown", "good"] as const).find((state) =>
    quality.some((one) => one.state === state),
  );
  return [
    { label: words.devices, value: String(assets.total) },
    { label: severityWords.critical, value: String(tally.critical), mark: tally.critical > 0 ? "critical" : "good" },
    { label: severityWords.bad, value: String(tally.bad), mark: tally.bad > 0 ? "bad" : "good" },
    { label: severityWords.notice, value: String(tally.notice), mark: tally.notice > 0 ? "notice" : "good" },
    { label: words.appeared, value: String(assets.appeared) },
    { label: words.unregistered, value: assets.unregistered === null ? "–" : String(assets.unregistered) },
    { label: words.protocols, value: String(spoken.length) },
    {
      label: words.quality,
      value: stateWords[worst ?? "unknown"],
      mark: worst === "bad" ? "bad" : worst === "notice" ? "notice" : "good",
    },
  ];
}

function findingBlocks({ findings }: Assessment): ReportBlock[] {
  if (findings.length === 0) return [{ kind: "text", text: words.noFindings }];
  return [
    {
      kind: "items",
      items: findings.map((finding) => {
        const row = findingKinds[finding.kind];
        const say = (text: Both | undefined): Both =>
          text === undefined ? { ja: "", en: "" } : fill(text, finding.parameters);
        const known: readonly (readonly [Both, Both | string])[] = [
          [words.normal, say(row?.normal)],
          [words.changed, say(row?.changed)],
          [words.advice, say(row?.advice)],
          [words.since, `${finding.since.slice(0, 16).replace("T", " ")} UTC`],
          [words.technique, finding.techniques.join(", ")],
        ];
        return {
          mark: finding.severity,
          label: severityWords[finding.severity],
          title: row === undefined ? finding.kind : fill(row.title, finding.parameters),
          facts: known
            .filter(([, value]) => (typeof value === "string" ? value : value.en) !== "")
            .map(([label, value]) => ({ label, value })),
        };
      }),
    },
  ];
}

const kindTable = ({ kinds }: Assessment): ReportBlock => ({
  kind: "table",
  columns: [
    { title: words.kind, width: "rest", end: false },
    { title: words.severity, width: "auto", end: false },
    { title: words.count, width: "auto", end: true },
    { title: words.affected, width: "auto", end: true },
  ],
  rows: kinds.map(({ kind, severity, count, assets }) => [
    titleOf(kind),
    severityWords[severity],
    String(count),
    String(assets),
  ]),
});

function inventoryBlocks({ assets, protocols: spoken }: Assessment): ReportBlock[] {
  const bytes = spoken.reduce((sum, one) => sum + one.bytes, 0);
  const most = Math.max(1, ...assets.roles.map(({ count }) => count));
  return [
    {
      kind: "bars",
      rows: assets.roles.slice(0, MOST).map(({ key, count }) => ({
        label: roleWords[key],
        share: count / most,
        text: figures(count),
      })),
    },
    {
      kind: "table",
      columns: [
        { title: words.vendor, width: "rest", end: false },
        { title: words.devices, width: "auto", end: true },
      ],
      rows: assets.vendors.slice(0, MOST).map(({ key, count }) => [key, String(count)]),
    },
    {
      kind: "bars",
      rows: spoken
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, MOST)
        .map((one) => ({
          label: one.title,
          share: bytes === 0 ? 0 : one.bytes / bytes,
          text: `${bytes === 0 ? 0 : ((100 * one.bytes) / bytes).toFixed(1)} %`,
        })),
    },
  ];
}

const qualityTable = ({ quality }: Assessment): ReportBlock => ({
  kind: "table",
  columns: [
    { title: words.sensor, width: "rest", end: false },
    { title: words.state, width: "auto", end: false },
    { title: words.checks, width: "auto", end: false },
  ],
  rows: quality.map(({ sensor, state, checks }) => [sensor, stateWords[state], checks.join(", ")]),
});
