/** Something new: a device, a partner, a command, an address, an identity. */
import type { FindingKinds } from "@yagura/core/finding.ts";

const watched = {
  en: "{client} has been watched since {watchedSince} ({watchedDays} days). In that time {items} habits of it were learned; this was not among them.",
  ja: "{client}は{watchedSince}から{watchedDays}日間監視しており、その間に{items}件の通信・命令を学習しましたが、これは含まれていませんでした。",
};

export const habitKinds: FindingKinds = {
  "ot.device.new": {
    severity: "notice",
    title: { en: "New device: {device}", ja: "新しい機器:{device}" },
    normal: {
      en: "The network has been watched since {watchedSince} ({watchedDays} days), and this device was never seen in it.",
      ja: "ネットワークは{watchedSince}から{watchedDays}日間監視しており、この機器は一度も見られませんでした。",
    },
    changed: {
      en: "A device with address {address}, MAC {mac}, maker {vendor} appeared; it looks like: {roleEn}. Certainty {sure} %: its own packets were seen.",
      ja: "アドレス{address}、MAC {mac}、メーカー{vendor}の機器が現れました(推定の種類:{roleJa})。確からしさ{sure}%:機器自身のパケットを確認しています。",
    },
    advice: {
      en: "Ask on the floor whether somebody connected a device (a maintenance PC, a replaced part, a guest). If it belongs there, approve it: it is then learned. If nobody knows it, find the switch port and unplug it.",
      ja: "現場で、誰かが機器(保守用PC、交換部品、持ち込み機器)を接続していないか確認してください。正当な機器なら「承認」すると学習されます。心当たりがなければ、接続されているスイッチのポートを特定して取り外してください。",
    },
    techniques: ["T0864", "T0848"],
  },
  "ot.conversation.new": {
    severity: "notice",
    title: {
      en: "New conversation: {client} → {server} ({protocol})",
      ja: "新しい通信:{client} → {server}({protocol})",
    },
    normal: watched,
    changed: {
      en: "{client} spoke with {server} by {protocol} ({transport}, port {port}), {packets} packets. Certainty {sure} %: packets of this pair were seen.",
      ja: "{client}が{server}と{protocol}({transport}、ポート{port})で通信しました({packets}パケット)。確からしさ{sure}%:この2台の間のパケットを確認しています。",
    },
    advice: {
      en: "Check whether work was done on one of the two, or whether a setting was changed. If the conversation is wanted, approve it. If not, find out what runs on {client}.",
      ja: "どちらかの機器で作業や設定変更があったか確認してください。必要な通信なら「承認」してください。心当たりがなければ、{client}で何が動いているかを調べてください。",
    },
    techniques: ["T0869", "T0886"],
  },
  "ot.command.new": {
    severity: "notice",
    title: { en: "New command: {client} → {server}: {command}", ja: "新しい命令:{client} → {server}:{command}" },
    normal: watched,
    changed: {
      en: "{client} sent {server} the command “{command}” ({protocol}, {classEn}), {count} times. Certainty {sure} %: the command was read from the packets.",
      ja: "{client}が{server}に命令「{command}」({protocol}、{classJa})を{count}回送りました。確からしさ{sure}%:パケットから命令を読み取りました。",
    },
    advice: {
      en: "Check whether the program of {client} was changed or somebody worked with it. If the command is wanted, approve it.",
      ja: "{client}のプログラムが変更されたか、誰かが操作したかを確認してください。必要な命令なら「承認」してください。",
    },
    techniques: ["T1692.001"],
  },
  "ot.command.class-new": {
    severity: "bad",
    title: {
      en: "{client} does something new to {server}: {classEn}",
      ja: "{client}が{server}に初めての種類の操作:{classJa}",
    },
    normal: watched,
    changed: {
      en: "For the first time {client} sent {server} commands of the kind “{classEn}” ({command}, {protocol}), {count} times. Certainty {sure} %: the command was read from the packets.",
      ja: "{client}が{server}に「{classJa}」にあたる命令({command}、{protocol})を初めて送りました({count}回)。確からしさ{sure}%:パケットから命令を読み取りました。",
    },
    advice: {
      en: "A device that only read and now writes is a change of its task. Ask who changed {client}. If nobody did, take it off the network and check it.",
      ja: "読むだけだった機器が書くようになるのは役割の変更です。{client}を誰が変更したか確認してください。心当たりがなければ、ネットワークから外して調べてください。",
    },
    techniques: ["T1692.001", "T0836"],
  },
  "ot.command.order": {
    severity: "notice",
    title: {
      en: "Unusual order: {client} → {server}: “{command}” after “{before}”",
      ja: "いつもと違う順序:{client} → {server}:「{before}」の次に「{command}」",
    },
    normal: {
      en: "Since {since} {times} steps from one function to the next were seen from {client} to {server} ({protocol}), in {orders} different orders. After “{before}” came {followers}; before “{command}” came {predecessors}.",
      ja: "{since}以降、{client}から{server}への命令({protocol})の移り変わりを{times}回、{orders}通り確認しました。「{before}」の次は{followers}、「{command}」の前は{predecessors}でした。",
    },
    changed: {
      en: "Now “{command}” ({classEn}) came directly after “{before}”, {count} times. Certainty {sure} %: both functions are usual here and were read from the packets, but never in this order.",
      ja: "今回は「{before}」の直後に「{command}」({classJa})が{count}回送られました。確からしさ{sure}%:どちらも普段使われる命令ですが、この順序は一度もありませんでした。",
    },
    advice: {
      en: "Ask whether the program of {client} was changed or somebody operated the machine in an unusual way at that time. If the order is wanted, approve it. If nobody knows of it, another program may be giving commands: look at what runs on {client} and at the state of {server}.",
      ja: "その時刻に{client}のプログラムが変更されたか、普段と違う操作をしたかを確認してください。必要な順序なら「承認」してください。心当たりがなければ、別のプログラムが命令を出している可能性があります。{client}で何が動いているかと、{server}の状態を確認してください。",
    },
    techniques: ["T1692.001"],
  },
  "ot.write.outside-range": {
    severity: "bad",
    title: {
      en: "{client} writes to addresses of {server} that it never wrote",
      ja: "{client}が{server}のこれまで書いたことのないアドレスに書き込み",
    },
    normal: {
      en: "Since {since} {client} wrote {server} {times} times, always to the addresses {usual}.",
      ja: "{since}以降、{client}は{server}へ{times}回書き込み、アドレスは常に{usual}でした。",
    },
    changed: {
      en: "Now it wrote to {low}–{high} ({object}, {command}). Certainty {sure} %: the addresses were read from the packets.",
      ja: "今回は{low}~{high}({object}、{command})に書き込みました。確からしさ{sure}%:パケットからアドレスを読み取りました。",
    },
    advice: {
      en: "Look up in the program of {server} what these addresses do. If the program of {client} was extended, approve the range; if not, check {client} and the values that it wrote.",
      ja: "{server}のプログラムで、そのアドレスの意味を確認してください。{client}のプログラムを拡張したのであれば範囲を「承認」し、そうでなければ{client}と書き込まれた値を確認してください。",
    },
    techniques: ["T0836", "T0835"],
  },
  "ot.identity.firmware-changed": {
    severity: "bad",
    title: { en: "{device}: firmware is now {value}", ja: "{device}:ファームウェアが{value}に変わりました" },
    normal: {
      en: "Since {since} the device told {times} times that its firmware is {before}.",
      ja: "{since}以降、この機器は{times}回、ファームウェアを{before}と名乗っていました。",
    },
    changed: {
      en: "Now it tells {value} ({protocol}). Certainty {sure} %: the device says so itself.",
      ja: "今は{value}と名乗っています({protocol})。確からしさ{sure}%:機器自身の申告です。",
    },
    advice: {
      en: "Ask whether maintenance updated or replaced the device. If not, compare program and firmware with your backup before you trust the device again.",
      ja: "保守作業で更新または交換したか確認してください。心当たりがなければ、プログラムとファームウェアをバックアップと照合するまでその機器を信用しないでください。",
    },
    techniques: ["T1693.001"],
  },
  "ot.identity.changed": {
    severity: "bad",
    title: { en: "{device}: {attributeEn} is now {value}", ja: "{device}:{attributeJa}が{value}に変わりました" },
    normal: {
      en: "Since {since} the device told {times} times that its {attributeEn} is {before}.",
      ja: "{since}以降、この機器は{times}回、{attributeJa}を{before}と名乗っていました。",
    },
    changed: {
      en: "Now it tells {value} ({protocol}): another device may stand at its address. Certainty {sure} %: the device says so itself.",
      ja: "今は{value}と名乗っています({protocol})。同じアドレスに別の機器が入っている可能性があります。確からしさ{sure}%:機器自身の申告です。",
    },
    advice: {
      en: "Ask whether the device or a module was replaced. If so, approve it and correct your device list. If not, look at the device itself.",
      ja: "機器またはモジュールを交換したか確認してください。交換したなら「承認」し、機器台帳を直してください。していなければ、現物を確認してください。",
    },
    techniques: ["T0848", "T0830"],
  },
  "ot.permit.exceeded": {
    severity: "bad",
    title: {
      en: "Work goes beyond the permit “{permit}”: {classEn} on {device}",
      ja: "作業許可「{permit}」を超えた操作:{device}に{classJa}",
    },
    normal: {
      en: "The permit “{permit}” holds from {permitFrom} to {permitTo}.",
      ja: "作業許可「{permit}」の期間は{permitFrom}から{permitTo}までです。",
    },
    changed: {
      en: "{client} did this to {device}: {classEn}. It is not covered, because {beyondEn}. Certainty {sure} %.",
      ja: "{client}が{device}に対して「{classJa}」を行いました。許可の範囲外です({beyondJa})。確からしさ{sure}%。",
    },
    advice: {
      en: "Call the person who holds the permit. If the work is in order, extend the permit; if they did not do it, stop the work and check {device}.",
      ja: "許可を受けた作業者に連絡してください。正当な作業なら許可を広げ、本人の操作でなければ作業を止めて{device}を確認してください。",
    },
    techniques: ["T0843", "T0858", "T0836", "T1692.001"],
  },
};
