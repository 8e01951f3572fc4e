/** Words of the usual order of functions, on a device's page. */
import { catalogue } from "@yagura/portal/words.ts";

/** The usual order of functions. */
export const orderWords = catalogue({
  title: { ja: "命令の順序", en: "Usual order of functions" },
  lead: {
    ja: "ある命令の直後に次のどの命令が送られたか（直近 7 日、学習の元になる回数）。ここにない順序は、学習後に検知されます。同じ命令の繰り返しと接続の維持は含みません。",
    en: "Which function was asked for directly after which one, in the last seven days: what is learned from. An order that is not here is told once the two are learned. Repetitions and session handling are left out.",
  },
  before: { ja: "先の命令", en: "First" },
  after: { ja: "直後の命令", en: "Directly after it" },
  share: { ja: "割合", en: "Share" },
});
