/** What notices, terms changes and cases refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  NOTICE_KIND_UNKNOWN: {
    status: 422,
    en: "The service {service} knows no notice “{kind}” by the provider. Kinds: {kinds}.",
    ja: "{service} に「{kind}」という当社からの通知はありません。通知の種類: {kinds}",
  },
  NOTICE_CHANNEL: {
    status: 422,
    en: "The notice “{kind}” ({rule}) cannot be given by {channel}. Ways: {channels}.",
    ja: "通知「{kind}」（{rule}）は {channel} では行えません。使える方法: {channels}",
  },
  NOTICE_TOO_LATE: {
    status: 409,
    en: "A notice given today cannot announce {on}: {rule} needs more time before. The earliest possible day is {earliest}.",
    ja: "本日の通知で {on} を告知することはできません。{rule} に定める予告期間が必要です。最短で {earliest} になります。",
  },
  NOTICE_EMERGENCY_REFUSED: {
    status: 422,
    en: "The notice “{kind}” ({rule}) has no exception for emergencies. Give it in time.",
    ja: "通知「{kind}」（{rule}）には緊急時の例外がありません。予告期間を置いて通知してください。",
  },
  NOTICE_DATE_NEEDED: {
    status: 422,
    en: "The notice “{kind}” ({rule}) has to be given before a day: say which day it announces.",
    ja: "通知「{kind}」（{rule}）は事前に行うものです。告知する日を指定してください。",
  },
  NOTICE_STATEMENT_MISSING: {
    status: 422,
    en: "The notice “{kind}” ({rule}) must state: {missing}.",
    ja: "通知「{kind}」（{rule}）には次の事項の記載が必要です: {missing}",
  },
  NOTICE_LEAD_UNSET: {
    status: 409,
    en: "How long before is “reasonable” for {kind} ({rule}) is not set. Set {key} of {service} to a number of days.",
    ja: "{kind}（{rule}）の「相当の期間」が未設定です。{service} の {key} に日数を設定してください。",
  },
  NOTICE_ADDRESS_MISSING: {
    status: 409,
    en: "There is no registered address for {channel} of the customer {organisation}. Register it, or give the notice another way.",
    ja: "お客さま {organisation} の {channel} の宛先が登録されていません。登録するか、別の方法で通知してください。",
  },
  NOTICE_STATE: {
    status: 409,
    en: "The notice is “{state}”, so this cannot be done with it. Load it again to see what can be done now.",
    ja: "この通知は「{state}」のため、この操作はできません。読み込み直して、現在できる操作を確かめてください。",
  },
  NOTICE_NOBODY: {
    status: 409,
    en: "Nobody has a living contract of {service}, so there is nobody to give the notice to. Choose another service or a customer.",
    ja: "{service} の契約中のお客さまがいないため、通知の相手がいません。別のサービスかお客さまを選んでください。",
  },
  TERMS_CHANGE_PUBLISHED: {
    status: 409,
    en: "The change to {code} was published on {on} already. Open it in the list of changes.",
    ja: "{code} への変更はすでに {on} に公表済みです。変更の一覧から開いてください。",
  },
  TERMS_CHANGE_UNDATED: {
    status: 422,
    en: "The version {code} has been in force since ever, so it is no change that could be published. Choose a version with a first day.",
    ja: "{code} は当初から有効な版のため、変更として公表できません。発効日のある版を選んでください。",
  },
  CONSENT_GROUND: {
    status: 422,
    en: "The terms of {service} do not take consent as given by “{ground}”. Grounds: {grounds}.",
    ja: "{service} の約款は「{ground}」を同意とみなす根拠としていません。使える根拠: {grounds}",
  },
  CONSENT_TOO_EARLY: {
    status: 409,
    en: "Consent by “{ground}” can only be taken as given from {effectiveOn} on, the day the new terms take effect.",
    ja: "「{ground}」による同意は、新しい約款の効力発生日 {effectiveOn} 以降でなければ認められません。",
  },
  DISSENT_REFUSED: {
    status: 409,
    en: "The terms of {service} may be changed without notice, so there is no dissent to a change. The contract can be cancelled by its usual rules.",
    ja: "{service} の約款は予告なく変更できるため、変更に対する異議の手続きはありません。通常の手続きで解約できます。",
  },
  DISSENT_TOO_LATE: {
    status: 409,
    en: "The new terms have been in force since {effectiveOn}; dissent was possible until the day before. Who no longer wants the service may cancel the contract.",
    ja: "新しい約款は {effectiveOn} に発効しています。異議の申出はその前日まででした。今後のご利用を望まれない場合は、解約をお申し込みください。",
  },
  CASE_STEP_REFUSED: {
    status: 409,
    en: "A case of this kind that is “{state}” does not take the step “{step}”. Possible: {possible}.",
    ja: "「{state}」の案件に「{step}」は記録できません。可能な操作: {possible}",
  },
  CASE_SECOND_PERSON: {
    status: 403,
    en: "Data of a customer is deleted only with the approval of a second person: {first} asked for it, so somebody else has to approve.",
    ja: "お客さまのデータの削除には別の担当者の承認が必要です。{first} が依頼したため、ほかの方が承認してください。",
  },
  CASE_NEEDS: {
    status: 422,
    en: "The step “{step}” needs: {needs}.",
    ja: "「{step}」には次の内容が必要です: {needs}",
  },
  WAIVER_NOBODY: {
    status: 409,
    en: "No contract of {service} lies in the areas named between {from} and {lastDay}, so there is nothing to waive.",
    ja: "{from} から {lastDay} までの間、指定した地域に {service} の契約がないため、減免の対象がありません。",
  },
  WAIVER_REVERSED: {
    status: 409,
    en: "This waiver was reversed already. Publish a new one.",
    ja: "この減免はすでに取り消されています。新しく公表してください。",
  },
  DATA_USE_REQUIRED: {
    status: 422,
    en: "The purpose “{purpose}” is needed for the service itself and cannot be switched off.",
    ja: "利用目的「{purpose}」はサービスの提供に必要なため、停止できません。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
