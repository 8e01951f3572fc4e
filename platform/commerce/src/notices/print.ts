/** A notice as a letter to print, or to attach: the text as it was given, with the registered address in the envelope's window. */
import { sql } from "kysely";
import { dayOf } from "@yagura/core/calendar.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { NoticeRow } from "./read.ts";

/** Longest paragraph that the printer takes. */
const PARAGRAPH = 4000;

/** The PDF, in the language in which the notice was given. As provider. */
export async function printNotice(tx: Tx, row: NoticeRow): Promise<Uint8Array> {
  const { rows } = await sql<{ name: string; number: string | null }>`select p.name,
      (select c.number from commerce.contract c where c.id = ${row.contract}) as number
    from server.provider_profile p`.execute(tx);
  const [address = "", holder = row.organisationName ?? "", contact] = (row.address ?? "").split("\n");
  const ja = row.language === "ja";
  const facts = [
    ...(rows[0]?.number === null || rows[0]?.number === undefined
      ? []
      : [{ label: ja ? "契約番号" : "Contract number", value: rows[0].number }]),
    ...stated(row, ja),
  ];
  return renderDocument(
    "notice",
    {
      number: row.id.slice(-12).toUpperCase(),
      issuedOn: dayOf(row.sentAt ?? row.createdAt),
      issuer: { name: rows[0]?.name ?? "", registrationNumber: null },
      recipient: {
        name: row.channel === "post" ? holder : (row.organisationName ?? ""),
        kind: "company",
        ...(row.channel === "post" && address !== "" ? { address } : {}),
        ...(contact === undefined || contact === "" ? {} : { person: contact }),
      },
      title: row.subject.slice(0, PARAGRAPH),
      paragraphs: paragraphs(row.body),
      facts,
    },
    row.language,
  );
}

const labels = {
  reason: { ja: "理由", en: "Reason" },
  date: { ja: "実施日", en: "Date" },
  period: { ja: "期間", en: "Period" },
  scope: { ja: "対象", en: "Scope" },
  place: { ja: "場所", en: "Place" },
  manual: { ja: "手引き", en: "Manual" },
} as const;

const stated = ({ statements }: NoticeRow, ja: boolean) =>
  Object.entries(labels)
    .map(([name, label]) => ({ label: ja ? label.ja : label.en, value: statements[name as keyof typeof labels] ?? "" }))
    .filter(({ value }) => value !== "");

const paragraphs = (body: string): string[] =>
  body
    .split(/\n{2,}/)
    .flatMap((text) => text.match(new RegExp(`[\\s\\S]{1,${PARAGRAPH}}`, "g")) ?? [])
    .slice(0, 500);
