/** Errors of the server's own doors: requests, sign-in, organisations, tokens, audit. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  MALFORMED: {
    status: 400,
    en: "The request could not be read as JSON. Send a well-formed JSON body with content-type application/json.",
    ja: "リクエストをJSONとして読み取れませんでした。正しい形式のJSONを content-type: application/json で送信してください。",
  },
  INVALID_INPUT: {
    status: 422,
    en: "Some fields were not accepted. Correct the fields listed below and send again.",
    ja: "受け付けられない項目があります。下に示す項目を修正して、もう一度送信してください。",
  },
  UNSUPPORTED_MEDIA: {
    status: 415,
    en: "This content type is not accepted here. Send application/json.",
    ja: "このコンテンツタイプは受け付けていません。application/json で送信してください。",
  },
  BODY_TOO_LARGE: {
    status: 413,
    en: "The request body is larger than {limit} bytes. Send less at a time.",
    ja: "リクエスト本文が{limit}バイトを超えています。分けて送信してください。",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    en: "The request did not arrive in time. Check the connection and send it again.",
    ja: "リクエストの受信が時間内に終わりませんでした。接続を確認して、もう一度送信してください。",
  },
  NOT_FOUND: {
    status: 404,
    en: "Nothing was found here. It may have been removed, or it belongs to an organisation you cannot see.",
    ja: "見つかりませんでした。削除されたか、閲覧権限のない組織のものです。",
  },
  SIGN_IN_NEEDED: {
    status: 401,
    en: "You are not signed in, or the sign-in has ended. Sign in and try again.",
    ja: "サインインしていないか、サインインの有効期間が終了しています。サインインしてからやり直してください。",
  },
  TOKEN_REFUSED: {
    status: 401,
    en: "This API token is unknown, expired or revoked. Issue a new token and use that one.",
    ja: "このAPIトークンは存在しないか、期限切れか、失効しています。新しいトークンを発行して使用してください。",
  },
  FORBIDDEN: {
    status: 403,
    en: "Your role or token does not include {scope}. Ask an administrator for it.",
    ja: "ご利用の権限またはトークンには {scope} が含まれていません。管理者に依頼してください。",
  },
  USER_NEEDED: {
    status: 403,
    en: "This concerns one person's account, so an API token cannot do it. Sign in as that person.",
    ja: "個人のアカウントに関する操作のため、APIトークンでは実行できません。本人としてサインインしてください。",
  },
  CSRF_REFUSED: {
    status: 403,
    en: "The request did not carry this sign-in's x-yagura-csrf header, so it may come from another site. Reload the page and try again.",
    ja: "このサインインの x-yagura-csrf ヘッダーがないため、他のサイトからの要求の可能性があります。ページを再読み込みしてやり直してください。",
  },
  ORIGIN_REFUSED: {
    status: 403,
    en: "The request came from a page of another site. Use this control plane's own address.",
    ja: "他のサイトのページからの要求です。このコントロールプレーンのアドレスを開いて操作してください。",
  },
  RATE_LIMITED: {
    status: 429,
    en: "Too many requests. Wait {seconds} seconds and try again.",
    ja: "リクエストが多すぎます。{seconds}秒待ってからやり直してください。",
  },
  DOWNLOAD_BUSY: {
    status: 429,
    en: "Another download of this organisation is still under way, or too many are. Wait until it has ended, or {seconds} seconds, and try again.",
    ja: "この組織の別のダウンロードが進行中か、同時ダウンロード数の上限に達しています。終了を待つか、{seconds}秒後にやり直してください。",
  },
  UPLOAD_BUSY: {
    status: 429,
    en: "Another long file of this organisation is still being sent, or too many are. Wait until it is there, or {seconds} seconds, and try again.",
    ja: "この組織の別の大きなファイルを送信中か、同時送信数の上限に達しています。終了を待つか、{seconds}秒後にやり直してください。",
  },
  INTERNAL: {
    status: 500,
    en: "Something went wrong on our side. Try again, and quote the id {id} if it persists.",
    ja: "サーバー側で問題が発生しました。やり直しても続く場合は、ID {id} をお知らせください。",
  },
  STORE_DOWN: {
    status: 503,
    en: "The database does not answer at the moment, so nothing was changed. Try again in a few seconds.",
    ja: "データベースが応答していないため、変更は行われていません。数秒後にやり直してください。",
  },
  SIGN_IN_FAILED: {
    status: 401,
    en: "The mail address or the password is not right. Check both, or reset the password.",
    ja: "メールアドレスまたはパスワードが正しくありません。両方を確認するか、パスワードを再設定してください。",
  },
  CODE_REFUSED: {
    status: 401,
    en: "The code is not right, or was already used. Wait for the next code, or use a recovery code.",
    ja: "コードが正しくないか、使用済みです。次のコードを待つか、リカバリーコードを使用してください。",
  },
  CODE_WRONG: {
    status: 422,
    en: "The code is not the one that this set-up expects now. Check the clock of the phone, and type the newest code.",
    ja: "この設定で現在有効なコードと一致しません。スマートフォンの時刻を確認し、最新のコードを入力してください。",
  },
  PASSKEY_NOT_MADE: {
    status: 422,
    en: "The passkey could not be registered: it was made for another page or person, or the answer came too late. Try again.",
    ja: "パスキーを登録できませんでした。別のページや利用者向けのものか、時間切れです。もう一度お試しください。",
  },
  TICKET_REFUSED: {
    status: 401,
    en: "This sign-in took too long or was already completed. Start again with the password.",
    ja: "サインインの途中で時間切れになったか、すでに完了しています。パスワードの入力からやり直してください。",
  },
  PASSKEY_REFUSED: {
    status: 401,
    en: "The passkey was not accepted: it is not registered here, or the answer came too late. Try again, or sign in with the password.",
    ja: "パスキーを確認できませんでした。登録されていないか、時間切れです。やり直すか、パスワードでサインインしてください。",
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    en: "Too many failed sign-ins for this account. Wait {minutes} minutes, or reset the password.",
    ja: "このアカウントのサインイン失敗が多すぎます。{minutes}分待つか、パスワードを再設定してください。",
  },
  LINK_UNKNOWN: {
    status: 404,
    en: "This sign-in link is not known. Check that the whole link was copied, or ask for a new one.",
    ja: "このサインインリンクは確認できません。リンク全体がコピーされているか確認するか、再発行を依頼してください。",
  },
  LINK_EXPIRED: {
    status: 410,
    en: "This sign-in link expired on {expiredAt}. Ask the person who invited you for a new one.",
    ja: "このサインインリンクは{expiredAt}に有効期限が切れました。招待した方に再発行を依頼してください。",
  },
  LINK_USED: {
    status: 410,
    en: "This sign-in link was already used; each link works once. Sign in with your password, or ask for a new link.",
    ja: "このサインインリンクは使用済みです(1回限り有効)。パスワードでサインインするか、再発行を依頼してください。",
  },
  LINK_REVOKED: {
    status: 410,
    en: "This sign-in link was withdrawn or replaced by a newer one. Use the newest mail, or ask for a new link.",
    ja: "このサインインリンクは取り消されたか、新しいリンクに置き換えられました。最新のメールを使うか、再発行を依頼してください。",
  },
  PASSWORD_TOO_SHORT: {
    status: 422,
    en: "The password has fewer than {minimum} characters. Choose a longer one; several words work well.",
    ja: "パスワードが{minimum}文字未満です。より長いパスワードにしてください。複数の単語を並べると覚えやすくなります。",
  },
  PASSWORD_TOO_LONG: {
    status: 422,
    en: "The password has more than {maximum} characters. Choose a shorter one.",
    ja: "パスワードが{maximum}文字を超えています。短くしてください。",
  },
  PASSWORD_COMMON: {
    status: 422,
    en: "This password is among the first that are guessed (a common one, a simple pattern, or your mail address). Choose another.",
    ja: "推測されやすいパスワードです(よく使われるもの、単純な並び、メールアドレスと同じもの)。別のパスワードにしてください。",
  },
  PASSWORD_WRONG: {
    status: 403,
    en: "The present password is not right, so nothing was changed. Type it again.",
    ja: "現在のパスワードが正しくないため、変更していません。もう一度入力してください。",
  },
  PROOF_NEEDED: {
    status: 403,
    en: "This sign-in is older than {minutes} minutes, so this change needs your present password. Type it and repeat the change.",
    ja: "サインインから{minutes}分を過ぎているため、この変更には現在のパスワードが必要です。入力してやり直してください。",
  },
  SIGN_IN_AGAIN: {
    status: 403,
    en: "This change needs a sign-in of the last {minutes} minutes. Sign out, sign in again and repeat it.",
    ja: "この変更には{minutes}分以内のサインインが必要です。サインインし直してからやり直してください。",
  },
  TOTP_NOT_STARTED: {
    status: 409,
    en: "No authenticator set-up is under way. Start it again and scan the new code.",
    ja: "認証アプリの設定が開始されていません。最初からやり直し、新しいコードを読み取ってください。",
  },
  TOTP_ALREADY: {
    status: 409,
    en: "An authenticator app is already set up. Remove it first to set up another.",
    ja: "認証アプリはすでに設定されています。変更する場合は、先に解除してください。",
  },
  NAME_NEEDED: {
    status: 422,
    en: "A name is needed to make the account. Fill it in and send again.",
    ja: "アカウントの作成には氏名が必要です。入力してもう一度送信してください。",
  },
  MEMBER_ALREADY: {
    status: 409,
    en: "{mail} is already a member or invited. Re-issue the invitation instead.",
    ja: "{mail} はすでにメンバーか招待済みです。招待の再発行をご利用ください。",
  },
  MEMBER_ACTIVE: {
    status: 409,
    en: "This member has already joined, so there is no invitation to issue again.",
    ja: "このメンバーはすでに参加しているため、再発行する招待はありません。",
  },
  OWNER_ONLY: {
    status: 403,
    en: "Only an owner may add, change or remove an owner. Ask an owner of the organisation.",
    ja: "所有者の追加・変更・削除は所有者だけが行えます。組織の所有者に依頼してください。",
  },
  LAST_OWNER: {
    status: 409,
    en: "This is the organisation's last owner. Make another member an owner first.",
    ja: "この組織の最後の所有者です。先に別のメンバーを所有者にしてください。",
  },
  LAST_ADMIN: {
    status: 409,
    en: "This is the provider's last administrator. Make another person an administrator first.",
    ja: "プロバイダーの最後の管理者です。先に別の方を管理者にしてください。",
  },
  SCOPE_UNKNOWN: {
    status: 422,
    en: "The scope {scope} does not exist or cannot be given to this kind of token. Choose from the scopes of your role.",
    ja: "スコープ {scope} は存在しないか、この種類のトークンには付与できません。ご自身の権限のスコープから選択してください。",
  },
  SCOPE_BEYOND_ROLE: {
    status: 403,
    en: "You do not hold the scope {scope} yourself, so a token cannot carry it.",
    ja: "スコープ {scope} をお持ちでないため、トークンに付与できません。",
  },
  TOKEN_EXPIRY: {
    status: 422,
    en: "A token must expire after now and within {days} days. Choose a date in between.",
    ja: "トークンの有効期限は、現在より後かつ{days}日以内で指定してください。",
  },
  TOKEN_OUTLIVES: {
    status: 422,
    en: "A token cannot make a token that lives longer than itself, until {expiresAt}. Choose an earlier date.",
    ja: "トークンで発行するトークンの有効期限は、発行元のトークンの期限({expiresAt})以前にしてください。",
  },
  ERASE_NAME: {
    status: 422,
    en: "The name typed is not the organisation's name, so nothing was erased. Type {name} exactly.",
    ja: "入力された名称が組織名と一致しないため、消去していません。「{name}」と正確に入力してください。",
  },
  ERASE_INTERNAL: {
    status: 409,
    en: "The provider's own organisation cannot be erased.",
    ja: "プロバイダー自身の組織は消去できません。",
  },
  CORPORATE_NUMBER_WRONG: {
    status: 422,
    en: "{number} is not a corporate number: its check digit does not fit. Compare it with the register of the National Tax Agency.",
    ja: "{number} は法人番号ではありません（検査用数字が一致しません）。国税庁の法人番号公表サイトで確認してください。",
  },
  TIME_ZONE_UNKNOWN: {
    status: 422,
    en: "{timeZone} is not a known time zone. Use an IANA name such as Asia/Tokyo.",
    ja: "{timeZone} は有効なタイムゾーンではありません。Asia/Tokyo などのIANA名を指定してください。",
  },
  PORTAL_URL_REFUSED: {
    status: 422,
    en: "{url} is not the address of a portal. Write https:// (or http://) and a host, without query or fragment.",
    ja: "{url} はポータルのアドレスではありません。https://(または http://)とホスト名を、クエリやフラグメントなしで入力してください。",
  },
  LOGO_REFUSED: {
    status: 422,
    en: "The logo is not a PNG or SVG image of at most 64 kB. Choose another file.",
    ja: "ロゴは64 kB以下のPNGまたはSVG画像にしてください。別のファイルを選択してください。",
  },
  SEAL_KEY: {
    status: 500,
    en: "The seal key {where} is missing, too short or not the one that sealed these secrets. Restore the key file from the backup.",
    ja: "秘密情報の暗号鍵({where})がないか、短すぎるか、暗号化時のものと異なります。バックアップから鍵ファイルを復元してください。",
  },
  STAFF_UNKNOWN: {
    status: 404,
    en: "Nobody of the provider's staff has the mail address {mail}. Name one who has, or leave it out for the first administrator.",
    ja: "メールアドレス {mail} のプロバイダースタッフはいません。登録済みのアドレスを指定するか、省略して最初の管理者を選んでください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
