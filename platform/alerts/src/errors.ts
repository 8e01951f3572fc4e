/** What alerts refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  INCIDENT_CLOSED: {
    status: 409,
    en: "Incident {number} is closed, so nothing more is done with it. Open it again first.",
    ja: "インシデント {number} は完了しているため操作できません。先に再オープンしてください。",
  },
  INCIDENT_NOT_CLOSED: {
    status: 409,
    en: "Incident {number} is not closed, so it cannot be opened again.",
    ja: "インシデント {number} は完了していないため、再オープンできません。",
  },
  INCIDENT_BACK: {
    status: 409,
    en: "The cause of incident {number} came back and has incident {other} already. Go on there.",
    ja: "インシデント {number} の原因は再発し、すでにインシデント {other} があります。そちらで対応してください。",
  },
  ASSIGNEE_UNKNOWN: {
    status: 422,
    en: "This person is no member of the organisation. Choose somebody from the list of members.",
    ja: "この人は組織のメンバーではありません。メンバー一覧から選んでください。",
  },
  CHANNELS_FULL: {
    status: 409,
    en: "There are {limit} ways of being told already; more are not kept. Remove one that is no longer needed.",
    ja: "通知先は {limit} 件までです。不要なものを削除してください。",
  },
  MAIL_NOBODY: {
    status: 422,
    en: "Nobody would get this mail. Name an address, or let owners and administrators have it.",
    ja: "このメールの受取人がいません。アドレスを指定するか、オーナーと管理者に送る設定にしてください。",
  },
  WEBHOOK_HIDDEN: {
    status: 422,
    en: "{url} is how an address is shown, not a whole address. Write the address of the receiver anew, with its path.",
    ja: "{url} は表示用に省略されたアドレスです。受信側のアドレスを、パスまで含めて入力し直してください。",
  },
  CHANNEL_UNREACHABLE: {
    status: 422,
    en: "{host} is not an address that may be told: it lies in a private or local network ({address}). Use an address on the internet, or ask the provider to allow private ones.",
    ja: "{host} には通知できません。プライベートまたはローカルのアドレス（{address}）です。インターネット上のアドレスを指定するか、事業者に許可を依頼してください。",
  },
  CHANNEL_NO_ADDRESS: {
    status: 422,
    en: "The name {host} has no address. Check its spelling.",
    ja: "{host} のアドレスが見つかりません。名前を確認してください。",
  },
  CHANNEL_FAILED: {
    status: 502,
    en: "{name} did not take the message: {cause}. Check its address and that it is running, then try again.",
    ja: "{name} はメッセージを受け取りませんでした（{cause}）。アドレスと稼働状況を確認し、もう一度お試しください。",
  },
  CHANNEL_TEST_BUSY: {
    status: 429,
    en: "Another test of this organisation is still under way. Wait {seconds} seconds and try again.",
    ja: "この組織の別のテストがまだ終わっていません。{seconds} 秒待ってからもう一度お試しください。",
  },
  POLICY_CHANNEL: {
    status: 422,
    en: "Step {step} names a way of being told that does not exist. Choose from the list.",
    ja: "手順 {step} の通知先は存在しません。一覧から選んでください。",
  },
  POLICY_ORDER: {
    status: 422,
    en: "Step {step} is not later than the step before it. Give the steps in the order of their minutes.",
    ja: "手順 {step} は前の手順より後になっていません。経過時間の順に指定してください。",
  },
});
export const errors = table.rows;
export const raise = table.raise;
