/** Words of zones. */
import { catalogue } from "@yagura/portal/words.ts";

export const zoneWords = catalogue({
  lead: {
    ja: "機器は、上から順に最初に一致したゾーンに入ります。見つかったサブネットは自動でゾーンになり、名前やレベルを変更できます。",
    en: "A device belongs to the first zone from the top that has its subnet or VLAN. Subnets that are seen become zones by themselves; give them names and levels.",
  },
  none: { ja: "ゾーンはまだありません", en: "No zone yet" },
  noneText: {
    ja: "通信を受信すると、サブネットごとにゾーンが作成されます。手動でも追加できます。",
    en: "Zones are made of subnets as soon as traffic is heard. You can also make one here.",
  },
  add: { ja: "ゾーンを追加", en: "New zone" },
  edit: { ja: "変更", en: "Change" },
  remove: { ja: "削除", en: "Remove" },
  "remove.text": {
    ja: "このゾーンの {n} 台の機器は、次に一致するゾーンに移ります。",
    en: {
      one: "Its {n} device goes to the next zone that has it.",
      other: "Its {n} devices go to the next zone that has them.",
    },
  },
  "remove.found": {
    ja: "通信から見つかったゾーンは、再び通信があると作成されます。",
    en: "A zone that was found comes back when its subnet is seen again.",
  },
  up: { ja: "上へ移動", en: "Move up" },
  down: { ja: "下へ移動", en: "Move down" },
  order: { ja: "順序", en: "Order" },
  name: { ja: "名前", en: "Name" },
  level: { ja: "Purdue レベル", en: "Purdue level" },
  noLevel: { ja: "指定しない", en: "none" },
  "level.0": { ja: "0（現場機器）", en: "0 (process)" },
  "level.1": { ja: "1（制御）", en: "1 (control)" },
  "level.2": { ja: "2（監視）", en: "2 (supervision)" },
  "level.3": { ja: "3（操業管理）", en: "3 (operations)" },
  "level.dmz": { ja: "3.5（境界・DMZ）", en: "3.5 (DMZ)" },
  "level.4": { ja: "4（オフィス）", en: "4 (office)" },
  "level.5": { ja: "5（全社）", en: "5 (enterprise)" },
  subnets: { ja: "サブネット", en: "Subnets" },
  subnetsHint: {
    ja: "1 行に 1 つ。例: 192.168.10.0/24",
    en: "One a line, for example 192.168.10.0/24",
  },
  vlans: { ja: "VLAN", en: "VLANs" },
  vlansHint: { ja: "番号をコンマ区切りで。例: 10, 20", en: "Numbers with commas: 10, 20" },
  vlansBad: { ja: "VLAN は 1 から 4094 の番号です。", en: "VLANs are numbers from 1 to 4094." },
  empty: {
    ja: "サブネットか VLAN を 1 つ以上指定してください。",
    en: "Name at least one subnet or VLAN.",
  },
  origin: { ja: "由来", en: "Origin" },
  "origin.found": { ja: "通信から検出", en: "Found" },
  "origin.given": { ja: "設定", en: "Given" },
  assets: { ja: "機器", en: "Devices" },
  save: { ja: "保存", en: "Save" },
});
