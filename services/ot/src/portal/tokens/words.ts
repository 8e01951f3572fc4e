/** Words of reading with the customer's own key. */
import { catalogue } from "@yagura/portal/words.ts";

export const tokenWords = catalogue({
  read: { ja: "鍵を使って表示", en: "Read with your key" },
  forget: { ja: "匿名表示に戻す", en: "Back to tokens" },
  open: { ja: "名前とアドレスを表示", en: "Show names and addresses" },
  promise: { ja: "鍵はこのブラウザの外に出ません", en: "The key stays in this browser" },
  promiseText: {
    ja: "復号はこのタブの中だけで行います。鍵も復号した名前も、サーバーや事業者には送信されません。タブを閉じると鍵は消えます。",
    en: "Names are opened in this tab. Neither the key nor what it opens is sent to the server: the provider never sees them. Closing the tab forgets the key.",
  },
  key: { ja: "トークンの鍵", en: "Token key" },
  keyHint: {
    ja: "センサーで --make-key を使って作成した鍵ファイルの内容（ytk1. で始まる 1 行）です。この拠点の鍵の識別値: {check}",
    en: "The line that begins with ytk1. in the key file made by --make-key on the sensor. Check value of this site's key: {check}",
  },
  noKey: {
    ja: "鍵として読めません。ytk1. で始まる 1 行を、欠けのないように貼り付けてください。",
    en: "This is not a whole key. Paste the line that begins with ytk1. without leaving anything out.",
  },
  other: {
    ja: "この拠点のセンサーが使っている鍵ではありません。センサーに設定した鍵ファイルを確認してください。",
    en: "This is not the key of the site's sensors. Look for the key file that the sensor was given.",
  },
});
