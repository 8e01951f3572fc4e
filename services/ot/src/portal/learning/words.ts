/** Words of the page of learning. */
import { catalogue } from "@yagura/portal/words.ts";

export const learningWords = catalogue({
  lead: {
    ja: "機器ごとに普段の通信と操作を学習します。新しいことが減れば学習は完了し、以後の変化が通知されます。",
    en: "Each device's usual talk and commands are learned. When nothing new comes any more, changes are told.",
  },
  none: { ja: "まだ学習していません", en: "Nothing is learned yet" },
  noneText: {
    ja: "センサーが最初のデータを送ると学習が始まります。",
    en: "Learning begins with a sensor's first upload.",
  },
  started: { ja: "学習開始", en: "Began" },
  learning: { ja: "学習中", en: "Learning" },
  watching: { ja: "監視中", en: "Watched" },
  noisy: { ja: "変動が多い", en: "Restless" },
  items: { ja: "学習した項目", en: "Items learned" },
  days: { ja: "1 日に新しく学習した項目（30 日間）", en: "New items by day (30 days)" },
  daysLead: {
    ja: "棒が低くなるほど、普段の姿がつかめています。",
    en: "The lower the bars, the better the usual is known.",
  },
  day: { ja: "日", en: "Day" },
  new: { ja: "新しい項目", en: "New items" },
  restless: { ja: "新しい動きが多い機器", en: "Devices that bring the most news" },
  "restless.none": { ja: "新しい動きの多い機器はありません", en: "No device brings news" },
  device: { ja: "機器", en: "Device" },
  state: { ja: "状態", en: "State" },
  newItems: { ja: "24 時間の新しい項目", en: "New within a day" },
  since: { ja: "状態の開始", en: "Since" },
  restart: { ja: "学習をやり直す", en: "Learn anew" },
  "restart.all": { ja: "拠点全体の学習をやり直す", en: "Learn the whole site anew" },
  "restart.one": {
    ja: "{name} の普段の動きを最初から学習します。学習中、新しい通信は通知されません（重要な操作は通知されます）。",
    en: "{name} is learned from the beginning. New talk is not told meanwhile; critical commands are.",
  },
  "restart.allText": {
    ja: "{n} 台すべての機器を最初から学習します。学習が終わるまで、新しい通信は通知されません（重要な操作は通知されます）。",
    en: "All {n} devices are learned from the beginning. New talk is not told until they are known; critical commands are.",
  },
  settle: { ja: "学習を終了する", en: "End learning" },
});
