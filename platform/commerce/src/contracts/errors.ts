/** What the life of a contract refuses, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  CONTRACT_STEP_AWAITING: {
    status: 409,
    en: "The contract {number} has not started yet, so this step is not possible. Report its start first, or end it.",
    ja: "契約 {number} はまだ開始していないため、この操作はできません。先に開始を登録するか、契約を終了してください。",
  },
  CONTRACT_STEP_ACTIVE: {
    status: 409,
    en: "The contract {number} is in service, so this step is not possible: it may be stopped, cancelled or changed.",
    ja: "契約 {number} は提供中のため、この操作はできません。停止・解約・変更のいずれかを行ってください。",
  },
  CONTRACT_STEP_STOPPED: {
    status: 409,
    en: "The service of the contract {number} is stopped, so this step is not possible. Resume it, or cancel the contract.",
    ja: "契約 {number} はサービスを停止しているため、この操作はできません。再開するか、解約してください。",
  },
  CONTRACT_STEP_ENDING: {
    status: 409,
    en: "The end of the contract {number} is set for {endedOn}, so this step is not possible. Take the cancellation back first.",
    ja: "契約 {number} は {endedOn} に終了することが決まっているため、この操作はできません。先に解約を取り下げてください。",
  },
  CONTRACT_STEP_OVER: {
    status: 409,
    en: "The contract {number} is over since {endedOn}. A contract that is over does not change any more; make a new one.",
    ja: "契約 {number} は {endedOn} に終わっています。終わった契約は変更できません。新しい契約をお申し込みください。",
  },
  CONTRACT_START_LATER: {
    status: 422,
    en: "{on} is still to come. Report a start on the day it happened: today, {today}, or earlier.",
    ja: "{on} はまだ来ていない日です。開始は、実際に始まった日（本日 {today} またはそれ以前）で登録してください。",
  },
  CONTRACT_ALREADY_STARTED: {
    status: 409,
    en: "The contract {number} started on {startedOn}. To correct the day, void that fact and record another.",
    ja: "契約 {number} は {startedOn} に開始済みです。日付を訂正するには、その事実を無効にして登録し直してください。",
  },
  CONTRACT_DAY_OUTSIDE: {
    status: 422,
    en: "{on} is outside the life of the contract {number}, which began on {from} and lasts until {until}. Give a day within it.",
    ja: "{on} は契約 {number} の期間（{from} から {until} まで）の外です。期間内の日を指定してください。",
  },
  CONTRACT_DAY_PAST: {
    status: 422,
    en: "{on} is before {earliest}, the earliest day that is possible here. Give {earliest} or a later day.",
    ja: "{on} は、ここで指定できる最も早い日 {earliest} より前です。{earliest} 以降の日を指定してください。",
  },
  GROUND_UNKNOWN: {
    status: 422,
    en: "“{ground}” is not a ground of this service for this step. Grounds that may be used: {grounds}.",
    ja: "「{ground}」は、このサービスでこの操作に使える事由ではありません。使える事由: {grounds}",
  },
  PLAN_UNKNOWN: {
    status: 422,
    en: "The service {service} has no plan “{plan}” on {day}. Plans that can be ordered on that day: {plans}.",
    ja: "{service} には、{day} に「{plan}」というプランがありません。その日に申し込めるプラン: {plans}",
  },
  ITEM_UNKNOWN: {
    status: 422,
    en: "The plan {plan} has no item “{item}” on {day}. Items of the plan: {items}.",
    ja: "プラン {plan} には、{day} に「{item}」という品目がありません。このプランの品目: {items}",
  },
  STOP_TOO_LONG: {
    status: 422,
    en: "The service may be stopped for at most {months} months ({rule}): from {on} until {latest}. Give {latest} or an earlier last day.",
    ja: "サービスを停止できるのは最長 {months} か月です（{rule}）。{on} からは {latest} までです。{latest} 以前の日を指定してください。",
  },
  STOP_NEEDS_NOTICE: {
    status: 422,
    en: "{on} is today or past, but this ground needs prior notice ({rule}). Give a later day, or mark the case as an emergency.",
    ja: "この事由には事前の通知が必要です（{rule}）が、{on} は本日以前です。後の日を指定するか、緊急として登録してください。",
  },
  STOP_PERIOD_EMPTY: {
    status: 422,
    en: "The stop would last from {on} until {until}, which is no period. Give a last day on or after the first.",
    ja: "停止期間が {on} から {until} までとなり、期間になりません。開始日以降の最終日を指定してください。",
  },
  EVIDENCE_UNKNOWN: {
    status: 422,
    en: "File no. {position} of the list is not a file of this organisation. Hand it in first (POST …/evidence), then name its id.",
    ja: "一覧の {position} 番目は、この組織の添付ファイルではありません。先にファイルを提出し（POST …/evidence）、その ID を指定してください。",
  },
  FACT_INVALID: {
    status: 422,
    en: "The fact of the kind “{kind}” is not complete or holds something unknown. The fields below say what.",
    ja: "種別「{kind}」の事実に不足または不明な項目があります。下記の項目を確認してください。",
  },
  FACT_KEY_REUSED: {
    status: 409,
    en: "Another fact was already stored under the key “{key}” of {source}. Use a new key, or void the stored fact first.",
    ja: "{source} のキー「{key}」では、別の事実がすでに登録されています。新しいキーを使うか、先に登録済みの事実を無効にしてください。",
  },
  FACT_UNKNOWN: {
    status: 404,
    en: "The contract {number} has no such fact. Look at the list of its facts.",
    ja: "契約 {number} にその事実は登録されていません。事実の一覧をご確認ください。",
  },
  FACT_ALREADY_VOID: {
    status: 409,
    en: "This fact was already voided ({reason}). Record the right one instead.",
    ja: "この事実はすでに無効にされています（{reason}）。正しい事実を登録してください。",
  },
  FACT_OF_THE_STATE: {
    status: 422,
    en: "A fact of the kind “{kind}” changes the state of the contract. Use the step of the contract for it, not the door of facts.",
    ja: "種別「{kind}」の事実は契約の状態を変えます。事実の登録ではなく、契約の操作を使ってください。",
  },
  FACT_NOT_YOURS: {
    status: 403,
    en: "Facts of the kind “{kind}” concern money agreed with the customer: only an administrator or the billing staff may record them.",
    ja: "種別「{kind}」の事実はお客さまと取り決めた金額に関わるため、管理者または請求担当のみが登録できます。",
  },
  CANCELLATION_TOO_EARLY: {
    status: 422,
    en: "{on} is too early: by {rule} notice is needed, so {earliest} is the earliest day that can be asked for now.",
    ja: "{on} は早すぎます。{rule} により予告期間が必要なため、現在お申し出いただける最も早い日は {earliest} です。",
  },
  CANCELLATION_SUM_CHANGED: {
    status: 409,
    en: "Ending the contract {number} on {on} costs {sum} yen without tax, not {confirmed}. Look at the sum again and confirm it.",
    ja: "契約 {number} を {on} に終了する場合の費用は税抜 {sum} 円です（確認された額: {confirmed} 円）。金額を見直して、もう一度確認してください。",
  },
  CANCELLATION_OPEN: {
    status: 409,
    en: "A cancellation of the contract {number} for {on} is already under way. Take it back first.",
    ja: "契約 {number} には {on} の解約手続きがすでに進んでいます。先に取り下げてください。",
  },
  CANCELLATION_OVER: {
    status: 409,
    en: "This cancellation is already decided, so it does not change any more. Make a new request.",
    ja: "この解約手続きはすでに決着しているため、変更できません。新しくお申し出ください。",
  },
  CANCELLATION_CHANNEL: {
    status: 422,
    en: "A cancellation of this contract is told by {channels} ({rule}), not by “{channel}”.",
    ja: "この契約の解約は {channels} でお申し出いただきます（{rule}）。「{channel}」では受け付けられません。",
  },
  CANCELLATION_DAMAGE_OPEN: {
    status: 409,
    en: "The contract {number} is cancelled before acceptance, so its end waits until the damage of {amount} yen is paid by {on} ({rule}). Enter the sum and the day of payment.",
    ja: "契約 {number} は検収前の解約のため、損害額 {amount} 円が {on} までに支払われるまで終了できません（{rule}）。金額と支払日を登録してください。",
  },
  CHANGE_ORDER_OVER: {
    status: 409,
    en: "This change order is already decided, so it does not change any more. Make a new one.",
    ja: "この変更申込はすでに決着しているため、変更できません。新しくお申し込みください。",
  },
  CHANGE_IMPOSSIBLE: {
    status: 422,
    en: "The change cannot be made: the fields below say why.",
    ja: "この変更はできません。理由は下記の項目のとおりです。",
  },
  ASSIGNMENT_NEVER: {
    status: 422,
    en: "This contract cannot be assigned, lent or pledged ({rule}). The other party has to make a contract of its own.",
    ja: "この契約は譲渡・貸与・質入れができません（{rule}）。相手方に新しくご契約いただく必要があります。",
  },
  TRANSFER_EVIDENCE: {
    status: 422,
    en: "A transfer needs its proof ({rule}): hand in the form or the document first and name its file.",
    ja: "承継・譲渡には証明書類が必要です（{rule}）。先に書類を提出し、そのファイルを指定してください。",
  },
  TRANSFER_REFUSED: {
    status: 409,
    en: "The transfer cannot be approved ({rule}): {reasons}. Refuse it, or wait until that has changed.",
    ja: "この承継・譲渡は承認できません（{rule}）: {reasons}。拒否するか、状況が変わるまでお待ちください。",
  },
  TRANSFER_OVER: {
    status: 409,
    en: "This transfer is already decided, so it does not change any more. Make a new request.",
    ja: "この承継・譲渡はすでに決着しているため、変更できません。新しくお申し出ください。",
  },
  REPRESENTATIVE_UNKNOWN: {
    status: 422,
    en: "There are {count} holders, numbered from 0. Name one of them as the representative.",
    ja: "承継者は {count} 名（0 から数えます）です。その中から代表者を指定してください。",
  },
  WITHDRAWAL_TOO_LATE: {
    status: 422,
    en: "The service ends on {on}, but by {rule} its withdrawal has to be told by {noticeBy}. The notice is of {noticeOn}. Give a later day.",
    ja: "{rule} により、{on} の提供終了は {noticeBy} までに通知する必要がありますが、通知日は {noticeOn} です。後の日を指定してください。",
  },
  TASK_CLOSED: {
    status: 409,
    en: "This task is closed already. Nothing has to be done for it any more.",
    ja: "このタスクはすでに完了または取り下げ済みです。対応の必要はありません。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
