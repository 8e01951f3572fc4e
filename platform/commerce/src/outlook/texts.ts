/** What the steps and facts of a contract are called on its time line. */
import type { FactKind } from "../charging/facts.ts";
import type { Text } from "../charging/tables.ts";

const t = (ja: string, en: string): Text => ({ ja, en });

/** Names of events, by kind. */
export const eventNames: Readonly<Record<string, Text>> = {
  created: t("契約を登録しました", "The contract was made"),
  started: t("サービスの提供を開始しました", "The service started"),
  "end-requested": t("契約の終了が決まりました", "The end was set"),
  ended: t("契約が終了しました", "The contract ended"),
  revoked: t("承諾を取り消しました", "The acceptance was revoked"),
  void: t("契約を解除しました", "The contract was rescinded"),
  kept: t("終了を取りやめました", "The end was taken back"),
  suspended: t("利用を停止しました", "The service was suspended"),
  discontinued: t("提供を中止しました", "The service was discontinued"),
  resumed: t("サービスを再開しました", "The service was resumed"),
  "stop-announced": t("サービスの停止を予告しました", "A stop was announced"),
  "stop-taken-back": t("予告した停止を取りやめました", "An announced stop was taken back"),
  "cancellation-requested": t("解約の申し出を受け付けました", "A cancellation was asked for"),
  "cancellation-refused": t("解約の申し出を受け付けませんでした", "The cancellation was refused"),
  "cancellation-withdrawn": t("解約の申し出が取り下げられました", "The cancellation was taken back"),
  "change-requested": t("変更の申し込みを受け付けました", "A change was asked for"),
  changed: t("契約内容を変更しました", "The contract was changed"),
  "change-refused": t("変更の申し込みをお断りしました", "The change was refused"),
  "change-withdrawn": t("変更の申し込みが取り下げられました", "The change was taken back"),
  "transfer-requested": t("承継・譲渡の申し出を受け付けました", "A transfer was asked for"),
  transferred: t("契約者が変わりました", "The holder changed"),
  "transfer-refused": t("承継・譲渡をお断りしました", "The transfer was refused"),
  representative: t("代表者が決まりました", "A representative was named"),
  corrected: t("登録した事実を訂正しました", "A recorded fact was corrected"),
  "secrets-destroyed": t(
    "設定作業のために預かった情報を破棄しました",
    "What was handed over for the setting work was destroyed",
  ),
  "ground-reported": t("お客さまから申告がありました", "The customer reported something"),
  inspected: t("検収が完了しました", "The work was accepted"),
  opening: t("開通日をお知らせしました", "The opening was told"),
  installed: t("機器の設置が完了しました", "The installation was finished"),
};

/** Names of facts; null where an event tells the same. */
export const factNames: Readonly<Record<FactKind, Text | null>> = {
  applied: t("お申し込みを受け付けました", "The application was received"),
  accepted: t("お申し込みを承諾しました", "The application was accepted"),
  started: null,
  inspected: null,
  "cancellation-requested": null,
  cancelled: t("解約日", "Cancellation date"),
  suspended: null,
  resumed: null,
  quantity: t("数量の変更", "Quantity changed"),
  "option-started": t("オプションの開始", "Option started"),
  "option-ended": t("オプションの廃止", "Option ended"),
  "ancillary-started": t("附帯サービスの開始", "Ancillary service started"),
  "ancillary-ended": t("附帯サービスの終了", "Ancillary service ended"),
  anchor: t("料金月の起算日の変更", "The fee month's anchor moved"),
  attribute: t("契約の属性の変更", "An attribute changed"),
  "price-agreed": t("個別に合意した価格", "A price was agreed"),
  "parameter-agreed": t("特約", "A special agreement"),
  discount: t("割引", "Discount"),
  waiver: t("料金の減免", "Reduction or waiver"),
  outage: t("サービスを利用できない状態", "The service could not be used"),
  purchase: t("追加購入", "Purchase"),
  "ticket-used": t("チケットの利用", "Tickets used"),
  visit: t("技術者の訪問", "An engineer's visit"),
  opening: null,
  installed: null,
  "replacement-accepted": t("交換機の手配が決まりました", "A replacement was decided on"),
  dispatched: t("交換機を発送しました", "A replacement was sent"),
  "pickup-offered": t("故障機の引き取りを申し出ました", "A pickup was offered"),
  returned: t("故障機が返却されました", "The faulty unit came back"),
  alarm: t("アラームの受信", "An alarm came in"),
  hours: t("受付時間の確認", "Hours were asked for"),
  claim: t("個別の請求", "A sum was claimed"),
  evasion: t("料金の不正な免脱", "Charges were evaded"),
  underbilled: t("請求不足", "Too little was billed"),
  "bill-issued": t("請求書等の発行", "A bill was issued"),
  "document-issued": t("有料の書類の発行", "A document that bears a fee was issued"),
  damage: t("損害の発生", "A damage arose"),
  accelerated: t("期限の利益の喪失", "All debts fell due"),
  transferred: null,
};

/** What the dates of a contract bring. */
export const plannedNames = {
  start: t("サービスの提供開始（予定）", "The service starts"),
  stop: t("サービスの停止（予定）", "The service is stopped"),
  resume: t("サービスの再開（予定）", "The service is resumed"),
  end: t("契約の最終日（予定）", "Last day of the contract"),
  cost: t("月額などのご請求見込み", "What the month's bill is expected to be"),
  invoice: t("請求書の発行", "A bill was issued"),
} as const;
