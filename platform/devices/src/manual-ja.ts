/** The agent's manual in Japanese. */
import type { Manual, ManualFacts } from "./manual.ts";

export function manualJapanese({ server, pinned }: ManualFacts): Manual {
  return {
    title: "Yagura エージェント マニュアル",
    lead: "エージェントは、お使いの PC やサーバーで動く小さなプログラムです。その場所からのネットワーク品質を測定し、提供者のサーバーに報告します。",
    other: "English",
    contents: "目次",
    chapters: [
      {
        id: "what",
        title: "何をするか、何を送るか",
        html: `<p>管理者が登録した<em>セッション</em>(このマシンから 1 つの宛先への通信)ごとに、一定の間隔(標準は 1 秒)で小さな測定パケットを送ります。
種類は ICMP エコー、TCP 接続、DNS 問い合わせ、HTTP リクエストのいずれかで、応答までの時間を記録します。</p>
<h3>サーバーに送るもの</h3>
<ul><li>測定の時刻と結果</li><li>1 分に 1 回、プログラム自身の状態(バージョン、CPU とメモリーの使用量、この環境で測定できる種類)</li>
<li>登録時のみ、マシンのホスト名、OS、CPU の種類</li></ul>
<h3>読み取らない、送らないもの</h3>
<ul><li>ファイル、通信の内容、閲覧したページ、キー入力</li><li>このサーバー(<code>${server}</code>)と登録済みの宛先以外への通信は行いません</li></ul>
<p>スリープ中やネットワークの切り替え中は「未観測」として記録し、パケット損失とは扱いません。</p>`,
      },
      {
        id: "needs",
        title: "必要なもの",
        html: `<table><tr><th>OS</th><td>systemd を使う 64 ビット Linux(x64 または arm64)、GNU C ライブラリー 2.28 以降(Debian 10、Ubuntu 20.04、RHEL 8 以降)</td></tr>
<tr><th>ディスク、メモリー</th><td>プログラム約 130 MB、送信待ちデータ最大 64 MB。メモリー約 70 MB</td></tr>
<tr><th>ネットワーク</th><td><code>${server}</code> への外向き HTTPS。外からの接続は受けません(ポートは開きません)。</td></tr>
<tr><th>権限</th><td>インストールには管理者(root)権限が必要です。動作時は専用ユーザーで、ICMP 用の raw ソケット権限だけを持ちます。</td></tr>
<tr><th>登録キー</th><td>招待メールに記載されています。1 台に 1 回だけ、メールに書かれた期限まで使えます。</td></tr></table>`,
      },
      {
        id: "install",
        title: "インストール",
        html: `${pinned ? pinnedSteps(server) : plainSteps(server)}
<p>展開してインストールします。<code>KEY</code> はご自分の登録キーに置き換えてください。</p>
<pre><code>tar xzf yagura-agent-linux-x64.tar.gz
cd yagura-agent-linux-x64
sudo ./install.sh --server ${server} --key KEY</code></pre>
<p>ARM のマシンでは <code>x64</code> を <code>arm64</code> に読み替えてください。更新も同じ手順です。<code>--server</code> と <code>--key</code> を省くと登録はそのまま引き継がれます。</p>`,
      },
      {
        id: "check",
        title: "動作の確認",
        html: `<pre><code>sudo yagura-agent status
systemctl status yagura-agent
journalctl -u yagura-agent -e</code></pre>
<p>1 分以内に、ポータルでこのマシンがオンラインと表示され、セッションのグラフが描かれ始めます。</p>`,
      },
      {
        id: "proxy",
        title: "プロキシを使う場合",
        html: `<p><code>/etc/yagura-agent/environment</code> にプロキシを追記し、再起動します。</p>
<pre><code>HTTPS_PROXY=http://proxy.example.co.jp:8080
NO_PROXY=localhost,127.0.0.1</code></pre>
<pre><code>sudo systemctl restart yagura-agent</code></pre>
<p>プロキシはサーバーへの <code>CONNECT</code> を許可している必要があります。TLS を復号して独自の証明書で署名するプロキシは、エージェントがサーバー自身の認証局だけを信頼するため拒否されます。このサーバーを復号の対象から除外してください。</p>`,
      },
      {
        id: "firewall",
        title: "ファイアウォール",
        html: `<p><code>${server}</code> のホストとポート(アドレスに指定がなければ 443)への外向き TCP を許可してください。測定そのものには、セッションで使う ICMP エコー、DNS(53 番)、
または宛先ポートへの TCP が必要です。内向きの許可は不要です。</p>`,
      },
      {
        id: "uninstall",
        title: "アンインストール",
        html: `<pre><code>sudo /opt/yagura-agent/install.sh --uninstall --purge</code></pre>
<p><code>--purge</code> を付けなければ、状態と設定は次回のために残ります。削除後は管理者に連絡し、ポータルからこのマシンを取り除いてもらってください。</p>`,
      },
      {
        id: "trouble",
        title: "困ったときは",
        html: `<table><tr><th>表示</th><th>原因と対処</th></tr>
<tr><td>登録キーが不完全です</td><td>コピーの際に一部が欠けています。キーは <code>yk1.</code> で始まり、ドットが 2 つあります。</td></tr>
<tr><td>この登録キーは有効期限が切れました</td><td>管理者に招待の再発行を依頼してください。</td></tr>
<tr><td>この登録キーはすでに使用されています</td><td>キーは 1 回だけ有効です。心当たりがなければ直ちに管理者へ連絡してください。</td></tr>
<tr><td>接続できません</td><td>ネットワーク、ファイアウォール(アドレスのポートへの外向き通信。指定がなければ 443 番)、プロキシを確認してください。<code>curl ${pinned ? "-k " : ""}-v ${server}/healthz</code> が状態 200 を返せば接続できています。</td></tr>
<tr><td>認証局がキーに含まれる指紋と一致しません</td><td>経路上の装置(プロキシやウイルス対策ソフト)が通信を復号しているか、別のサーバーのアドレスです。何も送信していません。</td></tr>
<tr><td>このデバイスは利用を停止されました</td><td>管理者がこのマシンを停止しました。新しいキーでインストールし直すと再開できます。</td></tr>
<tr><td>時計がずれている</td><td>エージェントは時刻を補正して動作しますが、NTP などで時計を合わせてください。</td></tr>
<tr><td>ICMP cannot be measured</td><td>raw ソケットの権限がありません。<code>install.sh</code> でインストールするか、TCP のセッションを使ってください。</td></tr></table>`,
      },
    ],
  };
}

const plainSteps = (server: string): string => `<p>パッケージをダウンロードします。</p>
<pre><code>curl -fO ${server}/download/agent/yagura-agent-linux-x64.tar.gz
curl -f ${server}/download/agent/yagura-agent-linux-x64.tar.gz.sha256 | sha256sum --check</code></pre>`;

const pinnedSteps = (
  server: string,
): string => `<p>このサーバーは独自の認証局の証明書を使っています。登録キーの 3 番目の部分がその認証局の指紋なので、正しいサーバーかどうかを次のように確かめられます。</p>
<pre><code>curl -fk ${server}/download/ca.pem -o ca.pem
openssl x509 -in ca.pem -outform der | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =</code></pre>
<p class="note">表示された文字列が、登録キーの 2 番目のドットより後と一致することを確認してください。一致しない場合は中止し、管理者に連絡してください。</p>
<p>確認できた認証局を使ってパッケージをダウンロードします。</p>
<pre><code>curl -f --cacert ca.pem -O ${server}/download/agent/yagura-agent-linux-x64.tar.gz
curl -f --cacert ca.pem ${server}/download/agent/yagura-agent-linux-x64.tar.gz.sha256 | sha256sum --check</code></pre>`;
