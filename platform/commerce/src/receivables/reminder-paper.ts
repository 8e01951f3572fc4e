/** What stands on the letter of a reminder. */
import type { Day } from "@yagura/core/calendar.ts";
import type { ProviderContact } from "@yagura/server/shapes.ts";
import type { NoticePaper } from "../notices/print.ts";
import { leftOf, payable, type ClaimRow } from "./claims.ts";

/** Highest level that the paper knows. */
const LEVELS = 9;
const charges = { ja: "ご利用料金", en: "Charges" };

export const reminderPaper = ({
  claims,
  step,
  last,
  payBy,
  bank,
}: {
  readonly claims: readonly ClaimRow[];
  readonly step: number;
  readonly last: boolean;
  readonly payBy: Day;
  readonly bank: ProviderContact["bank"] | null;
}): Extract<NoticePaper, { kind: "reminder" }>["content"] => ({
  level: Math.min(step, LEVELS),
  claims: claims.map((claim) => ({
    document: claim.number,
    description: charges,
    dueOn: claim.dueNow,
    amount: payable(claim),
    paid: claim.paid,
    open: leftOf(claim),
  })),
  total: claims.reduce((sum, claim) => sum + leftOf(claim), 0),
  payBy,
  bank: bank ?? null,
  ...(last
    ? {
        consequence: {
          ja: "お支払いの確認ができない場合は、約款に基づき、サービスの利用停止などをお知らせすることがあります。",
          en: "If the payment does not come in, we may have to tell you of a suspension of the service under its terms.",
        },
      }
    : {}),
});
