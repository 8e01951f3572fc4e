/** Words of the sign-in pages. */
import { catalogue } from "../words.ts";

export const signInWords = catalogue({
  title: { ja: "サインイン", en: "Sign in" },
  mail: { ja: "メールアドレス", en: "Mail address" },
  password: { ja: "パスワード", en: "Password" },
  submit: { ja: "サインイン", en: "Sign in" },
  or: { ja: "または", en: "or" },
  passkey: { ja: "パスキーでサインイン", en: "Sign in with a passkey" },
  forgot: { ja: "パスワードを忘れた場合", en: "Forgot the password?" },
  back: { ja: "サインインに戻る", en: "Back to sign-in" },
  failed: { ja: "サインインできませんでした", en: "You were not signed in" },
  "code.title": { ja: "認証コードの入力", en: "Enter the code" },
  "code.lead": {
    ja: "認証アプリに表示されている6桁のコードを入力してください。",
    en: "Type the six digits that your authenticator app shows.",
  },
  "code.label": { ja: "認証コード", en: "Code" },
  "code.recovery": { ja: "リカバリーコードを使う", en: "Use a recovery code" },
  "code.app": { ja: "認証アプリのコードを使う", en: "Use the authenticator app" },
  "recovery.lead": {
    ja: "保管してあるリカバリーコードを1つ入力してください。使用したコードは無効になります。",
    en: "Type one of the recovery codes that you kept. Each works once.",
  },
  "recovery.label": { ja: "リカバリーコード", en: "Recovery code" },
  "forgot.title": { ja: "パスワードの再設定", en: "Reset the password" },
  "forgot.lead": {
    ja: "登録されているメールアドレスに、再設定用のリンクをお送りします。リンクは1時間有効です。",
    en: "A link to set a new password is sent to the address if it is known here. It works for one hour.",
  },
  "forgot.submit": { ja: "リンクを送信", en: "Send the link" },
  "forgot.sent": {
    ja: "{mail} が登録されている場合、再設定用のリンクを送信しました。数分待っても届かない場合は、迷惑メールの振り分けを確認してください。",
    en: "If {mail} is known here, a link is on its way. If nothing arrives within a few minutes, look into the spam folder.",
  },
  "link.reading": { ja: "リンクを確認しています", en: "Reading the link" },
  "link.refused": { ja: "このリンクは使用できません", en: "This link cannot be used" },
  "link.invitation": { ja: "{organisation} への招待", en: "Invitation to {organisation}" },
  "link.invitationLead": {
    ja: "{provider} の監視ポータルに招待されました。氏名とパスワードを設定すると、すぐに利用できます。",
    en: "You are invited to the monitoring portal of {provider}. Set a name and a password, and you are in.",
  },
  "link.join": { ja: "参加する", en: "Join" },
  "link.joinLead": {
    ja: "このアカウントで {organisation} のページを利用できるようになります。",
    en: "This account gets access to the pages of {organisation}.",
  },
  "link.admin": { ja: "管理者としてサインイン", en: "Sign in as administrator" },
  "link.adminLead": {
    ja: "このコントロールプレーンで発行された、1回限りのリンクです。",
    en: "A single-use link that this control plane issued.",
  },
  "link.continue": { ja: "続ける", en: "Continue" },
  "link.reset": { ja: "新しいパスワードの設定", en: "Set a new password" },
  "link.resetLead": {
    ja: "設定すると、ほかの端末でのサインインはすべて終了します。",
    en: "All other sign-ins of this account end when it is set.",
  },
  "link.expires": { ja: "有効期限 {when}", en: "Works until {when}" },
  "link.usePasskey": { ja: "パスワードの代わりにパスキーを使う", en: "Use a passkey instead of a password" },
  "link.usePassword": { ja: "パスワードを使う", en: "Use a password" },
  name: { ja: "氏名", en: "Name" },
  newPassword: { ja: "新しいパスワード", en: "New password" },
  passwordHint: {
    ja: "12文字以上。単語をいくつか並べると、覚えやすく推測されにくくなります。",
    en: "At least 12 characters. A few words in a row are easy to remember and hard to guess.",
  },
  "secure.title": { ja: "次回からのサインイン方法", en: "How to sign in next time" },
  "secure.lead": {
    ja: "リンクは1回限りです。次回のために、パスキーまたはパスワードを設定してください。",
    en: "The link worked once. Add a passkey or a password for the next time.",
  },
  "secure.passkey": { ja: "この端末のパスキーを登録", en: "Add a passkey of this device" },
  "secure.password": { ja: "パスワードを設定", en: "Set the password" },
  "secure.later": { ja: "あとで設定する", en: "Later" },
  "passkey.name": { ja: "この端末", en: "This device" },
  "passkey.cancelled": {
    ja: "パスキーの操作が中断されました。もう一度試すか、パスワードをご利用ください。",
    en: "The passkey was not used: it was cancelled or took too long. Try again, or use the password.",
  },
  "passkey.unsupported": {
    ja: "このブラウザーではパスキーを利用できません。https または http://localhost で開いているか確認してください。",
    en: "This browser cannot use passkeys here. They need https, or http://localhost.",
  },
  version: { ja: "バージョン {version}", en: "Version {version}" },
});
