/**
 * A notice as a letter to print, or to attach, with the registered address in the envelope's window: a suspension, a withdrawal or
 * a reminder on the paper that is made for it, of what was kept with the notice; anything else the text as it was given.
 */
import { sql } from "kysely";
import { dayOf } from "@yagura/core/calendar.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import type { NoticeContent, ReminderContent, SuspensionContent, WithdrawalContent } from "@yagura/reports/shapes.ts";
import { readProfile } from "@yagura/server/profile.ts";
import type { ProviderProfile } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { NoticeRow } from "./read.ts";

/** Longest paragraph that the printer takes. */
const PARAGRAPH = 4000;

type Head = "number" | "issuedOn" | "issuer" | "recipient";
/** What stands on the paper of a notice beside its head. */
export type NoticePaper =
  | { readonly kind: "suspension"; readonly content: Omit<SuspensionContent, Head> }
  | { readonly kind: "withdrawal"; readonly content: Omit<WithdrawalContent, Head> }
  | { readonly kind: "reminder"; readonly content: Omit<ReminderContent, Head> };

/** The PDF, in the language in which the notice was given. As provider. */
export async function printNotice(tx: Tx, row: NoticeRow): Promise<Uint8Array> {
  const head = headOf(row, await readProfile(tx, ""));
  const { paper } = row;
  if (paper?.kind === "suspension") return renderDocument("suspension", { ...head, ...paper.content }, row.language);
  if (paper?.kind === "withdrawal") return renderDocument("withdrawal", { ...head, ...paper.content }, row.language);
  if (paper?.kind === "reminder") return renderDocument("reminder", { ...head, ...paper.content }, row.language);
  const ja = row.language === "ja";
  const number = await numberOf(tx, row);
  const facts = [
    ...(number === null ? [] : [{ label: ja ? "契約番号" : "Contract number", value: number }]),
    ...stated(row, ja),
  ];
  const title = row.subject.slice(0, PARAGRAPH);
  return renderDocument("notice", { ...head, title, paragraphs: paragraphs(row.body), facts }, row.language);
}

async function numberOf(tx: Tx, { contract }: NoticeRow): Promise<string | null> {
  const { rows } = await sql<{ number: string }>`select number from commerce.contract where id = ${contract}`.execute(
    tx,
  );
  return rows[0]?.number ?? null;
}

function headOf(
  row: NoticeRow,
  { name, contact: reachedAt }: Pick<ProviderProfile, "name" | "contact">,
): Pick<NoticeContent, Head> {
  const [address = "", holder = row.organisationName ?? "", contact] = (row.address ?? "").split("\n");
  const post = row.channel === "post";
  const { bank: _bank, ...reached } = reachedAt;
  return {
    number: row.id.slice(-12).toUpperCase(),
    issuedOn: dayOf(row.sentAt ?? row.createdAt),
    issuer: { name, registrationNumber: null, ...reached },
    recipient: {
      name: post ? holder : (row.organisationName ?? ""),
      kind: "company",
      ...(post && address !== "" ? { address } : {}),
      ...(contact === undefined || contact === "" ? {} : { person: contact }),
    },
  };
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
