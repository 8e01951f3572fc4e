/** Words of the usual order of functions, on a device's page. */
import { catalogue } from "@yagura/portal/words.ts";

/** The usual order of functions. */
export const orderWords = catalogue({
  title: { ja: "命令の順序", en: "Usual order of functions" },
  lead: {
    ja: "ある命令の直後に次のどの命令が送られたか（直近 7 日、学習の元になる回数）。学習が済むと、ここにない順序は検知の対象になります。同じ命令の繰り返しと接続の維持は含みません。回数は 1 時間に 1 回更新されます。",
    en: "Which function was asked for directly after which one, in the last seven days: what is learned from. Once enough is known of the two, an order that is not here is told. Repetitions and session handling are left out; counts are brought up to date once an hour.",
  },
  before: { ja: "先の命令", en: "First" },
  after: { ja: "直後の命令", en: "Directly after it" },
  share: { ja: "割合", en: "Share" },
});
