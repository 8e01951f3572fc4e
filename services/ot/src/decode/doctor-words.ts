/** What the doctor says, in both languages: what is seen, why it matters, and the setting of the switch to look at. */
import type { Language } from "@yagura/core/errors.ts";
import type { Complaint, Diagnosis } from "./doctor.ts";

/** Makers whose commands are told; `generic` says it without commands. */
export const switchMakers = ["cisco", "allied-telesis", "generic"] as const;
export type SwitchMaker = (typeof switchMakers)[number];
export const switchTitles: Readonly<Record<SwitchMaker, Readonly<Record<Language, string>>>> = {
  cisco: { en: "Cisco IOS", ja: "Cisco IOS" },
  "allied-telesis": { en: "Allied Telesis AlliedWare Plus", ja: "アライドテレシス AlliedWare Plus" },
  generic: { en: "Other switches", ja: "その他のスイッチ" },
};

type Words = Readonly<Record<Language, string>>;
interface Advice {
  readonly seen: Words;
  readonly setting: Readonly<Record<SwitchMaker, Words>>;
}

const same = (text: string): Words => ({ en: text, ja: text });

/** Both directions of a port must be mirrored. */
const both: Advice["setting"] = {
  cisco: {
    en: "monitor session 1 source interface <port> both (not rx or tx); check with: show monitor session 1",
    ja: "monitor session 1 source interface <ポート> both(rx や tx だけにしない)。確認: show monitor session 1",
  },
  "allied-telesis": {
    en: "on the destination port: mirror interface <port> direction both; check with: show mirror",
    ja: "ミラー先ポートで mirror interface <ポート> direction both。確認: show mirror",
  },
  generic: {
    en: "Port mirroring: direction “both” (ingress and egress) for every mirrored port.",
    ja: "ポートミラーリングの方向を、すべての対象ポートで「双方向」(受信と送信)にします。",
  },
};

const advice: Readonly<Record<Complaint, Advice>> = {
  sends: {
    seen: {
      en: "{capture}: this machine sent {sent} packets through the capture interface. The sensor does not send; another program does. Prepare the interface with `yagura sensor --prepare` and stop that program (DHCP client, LLDP, NetworkManager).",
      ja: "{capture}: このマシンがキャプチャー用インターフェースから {sent} パケットを送信しました。センサー自身は送信しません。「yagura sensor --prepare」で準備し、送信しているプログラム(DHCP クライアント、LLDP、NetworkManager など)を停止してください。",
    },
    setting: {
      cisco: {
        en: "No “ingress” at the end of: monitor session 1 destination interface <port>. Then the switch drops what comes from the sensor.",
        ja: "monitor session 1 destination interface <ポート> の末尾に ingress を付けないでください。センサーからの送信はスイッチが破棄します。",
      },
      "allied-telesis": {
        en: "A mirror port takes nothing in by itself; check with: show mirror",
        ja: "ミラーポートは受信を行いません。確認: show mirror",
      },
      generic: {
        en: "Mirror destination: incoming traffic off (“ingress forwarding” disabled).",
        ja: "ミラー先ポートの受信転送(ingress forwarding)を無効にします。",
      },
    },
  },
  nothing: {
    seen: {
      en: "{capture}: not a single packet came. The cable, the port or the mirror is off.",
      ja: "{capture}: パケットが 1 つも届いていません。ケーブル、ポート、ミラー設定のいずれかが無効です。",
    },
    setting: {
      cisco: {
        en: "show monitor session all (is there a destination, is it the port of this cable?), show interfaces <port> status (it must say “monitoring”)",
        ja: "show monitor session all で宛先ポートがこのケーブルのポートか、show interfaces <ポート> status が monitoring かを確認します。",
      },
      "allied-telesis": {
        en: "show mirror, show interface <port> status",
        ja: "show mirror と show interface <ポート> status を確認します。",
      },
      generic: {
        en: "See that the link lamp is on, and that this port is the destination of the mirror.",
        ja: "リンクランプの点灯と、このポートがミラー先に設定されていることを確認します。",
      },
    },
  },
  "only-broadcast": {
    seen: {
      en: "{capture}: almost only broadcasts and multicasts arrive (unicast {share} %). This is what any port sees: the mirror is not configured, or its source is empty.",
      ja: "{capture}: ほぼブロードキャストとマルチキャストしか届いていません(ユニキャスト {share} %)。通常のポートと同じ状態です。ミラーが未設定か、ミラー元が空です。",
    },
    setting: both,
  },
  "loss-here": {
    seen: {
      en: "{capture}: the sensor itself was too slow for {dropped} packets ({share} %). Give it a faster machine, a larger ring (--ring-megabytes), or mirror fewer ports.",
      ja: "{capture}: センサーの処理が追いつかず {dropped} パケット({share} %)を取りこぼしました。より速いマシンを使うか、リングを大きくする(--ring-megabytes)か、ミラー元ポートを減らしてください。",
    },
    setting: {
      cisco: same("monitor session 1 filter vlan <VLAN>"),
      "allied-telesis": {
        en: "Fewer ports in: mirror interface <port> direction both",
        ja: "mirror interface <ポート> direction both の対象ポートを減らします。",
      },
      generic: {
        en: "Mirror only the ports of the PLCs and of the uplink.",
        ja: "PLC のポートとアップリンクだけをミラー元にします。",
      },
    },
  },
  "one-way": {
    seen: {
      en: "{capture}: of {talks} TCP conversations with data {oneWay} were seen in one direction only ({share} %). The mirror copies only what ports receive, or only what they send; answers of devices, and their identities, are missing.",
      ja: "{capture}: データのある TCP 通信 {talks} 件のうち {oneWay} 件({share} %)が片方向しか見えていません。ミラーが受信側または送信側だけを複製しているため、機器の応答や識別情報が得られません。",
    },
    setting: both,
  },
  "loss-at-mirror": {
    seen: {
      en: "{capture}: {share} % of the bytes of TCP are missing although this machine dropped none of them: the mirror port is overloaded (several full ports go into one), or a cable is bad.",
      ja: "{capture}: このマシンでの取りこぼし以外に、TCP データの {share} % が欠けています。ミラー先ポートの帯域超過(複数ポートを 1 ポートへ集約)か、ケーブルの不良が考えられます。",
    },
    setting: {
      cisco: {
        en: "show interfaces <destination> counters errors, and “output drops” of show interfaces <destination>; spread the sources over two sessions",
        ja: "show interfaces <ミラー先> の output drops を確認し、ミラー元を 2 つのセッションに分けます。",
      },
      "allied-telesis": {
        en: "show platform table port <destination> counters; mirror fewer ports or use a faster destination port",
        ja: "show platform table port <ミラー先> counters を確認し、ミラー元を減らすか、より速いポートをミラー先にします。",
      },
      generic: {
        en: "The destination port must be at least as fast as all that is mirrored together.",
        ja: "ミラー先ポートは、ミラー元の合計以上の速度が必要です。",
      },
    },
  },
  truncated: {
    seen: {
      en: "{capture}: {truncated} packets were cut short ({share} %), so that messages cannot be read whole. A snap length was set in the mirror, in a packet broker, or in the capture file.",
      ja: "{capture}: {truncated} パケット({share} %)が途中で切られており、メッセージ全体を読み取れません。ミラー、パケットブローカー、またはキャプチャーファイルにスナップ長が設定されています。",
    },
    setting: {
      cisco: {
        en: "For ERSPAN and packet brokers: no truncation (no mtu … truncate); jumbo frames need: system mtu jumbo 9000",
        ja: "ERSPAN やパケットブローカーの切り詰め(truncation)を無効にします。ジャンボフレームには system mtu jumbo 9000 が必要です。",
      },
      "allied-telesis": {
        en: "Jumbo frames: platform jumboframe, and mru 9216 on the destination port",
        ja: "ジャンボフレームの場合は platform jumboframe、ミラー先ポートで mru 9216 を設定します。",
      },
      generic: {
        en: "Packet slicing off; MTU of the mirror destination at least that of its sources. Files: capture with tcpdump -s 0.",
        ja: "パケットスライシングを無効にし、ミラー先の MTU をミラー元以上にします。ファイルは tcpdump -s 0 で取得します。",
      },
    },
  },
  duplicates: {
    seen: {
      en: "{capture}: {duplicates} packets came twice ({share} %): packets between two mirrored ports are copied when they enter and again when they leave. They are counted once; the mirror carries them twice.",
      ja: "{capture}: {duplicates} パケット({share} %)が二重に届いています。ミラー対象のポート間の通信が、入るときと出るときに 2 回複製されています。集計では 1 回と数えますが、ミラーの帯域を余分に使います。",
    },
    setting: {
      cisco: {
        en: "Mirror one direction where all ports of a switch are sources: monitor session 1 source vlan <VLAN> rx",
        ja: "スイッチの全ポートを対象にする場合は片方向にします: monitor session 1 source vlan <VLAN> rx",
      },
      "allied-telesis": {
        en: "Where all ports are sources: mirror interface <ports> direction receive",
        ja: "全ポートを対象にする場合: mirror interface <ポート> direction receive",
      },
      generic: {
        en: "Either mirror the uplink in both directions, or all ports in the direction “receive” only.",
        ja: "アップリンクだけを双方向でミラーするか、全ポートを「受信」方向だけでミラーします。",
      },
    },
  },
  untagged: {
    seen: {
      en: "{capture}: hosts of {networks} networks are seen, but no packet bears a VLAN tag. If the plant uses VLANs, the mirror removes the tags, and equal addresses in two VLANs would be taken for one device.",
      ja: "{capture}: {networks} 個のネットワークの機器が見えていますが、VLAN タグ付きのパケットがありません。VLAN を使っている場合はミラーでタグが外されており、異なる VLAN の同じアドレスが同一機器と見なされます。",
    },
    setting: {
      cisco: {
        en: "monitor session 1 destination interface <port> encapsulation replicate",
        ja: "monitor session 1 destination interface <ポート> encapsulation replicate",
      },
      "allied-telesis": {
        en: "Mirror the trunk port itself (switchport mode trunk); its packets keep their tags.",
        ja: "トランクポート(switchport mode trunk)自体をミラー元にすると、タグが保持されます。",
      },
      generic: {
        en: "Mirror destination: keep tags (“tagged”, “replicate encapsulation”).",
        ja: "ミラー先の設定でタグを保持(tagged、カプセル化の複製)にします。",
      },
    },
  },
  malformed: {
    seen: {
      en: "{capture}: {malformed} packets ({share} %) do not follow their protocol. A bad cable, an overloaded mirror, or offloading of this machine's network card (ethtool -K {capture} gro off lro off).",
      ja: "{capture}: {malformed} パケット({share} %)がプロトコルの形式に合っていません。ケーブル不良、ミラーの過負荷、またはネットワークカードのオフロード(ethtool -K {capture} gro off lro off で無効化)が考えられます。",
    },
    setting: {
      cisco: same("show interfaces <port> counters errors"),
      "allied-telesis": same("show interface <port>"),
      generic: {
        en: "Look at the error counters (CRC, runts) of the mirrored ports.",
        ja: "ミラー元ポートのエラーカウンター(CRC、ラント)を確認します。",
      },
    },
  },
};

const fill = (sentence: string, { capture, figures }: Diagnosis): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name === "capture" ? capture : figures[name] === undefined ? whole : String(figures[name]),
  );

/** What is seen, in one or two sentences. */
export const sayDiagnosis = (diagnosis: Diagnosis, language: Language): string =>
  fill(advice[diagnosis.complaint].seen[language], diagnosis);

/** The setting to look at on a switch. */
export const saySetting = (diagnosis: Diagnosis, maker: SwitchMaker, language: Language): string =>
  fill(advice[diagnosis.complaint].setting[maker][language], diagnosis);
