/** `--doctor`: watches a mirror port for a minute and says what is wrong with it, and which setting of the switch to look at. */
import { machineLanguage } from "@yagura/core/language.ts";
import { stderrLog } from "@yagura/edge/time.ts";
import { sayDiagnosis, saySetting, switchMakers, switchTitles } from "@yagura/ot/decode/doctor-words.ts";
import { diagnose } from "@yagura/ot/decode/doctor.ts";
import { makeEngine } from "@yagura/ot/edge/engine.ts";
import { enterCapture } from "@yagura/ot/edge/enter.ts";
import { raise } from "@yagura/ot/edge/errors.ts";
import { intervalsOf } from "@yagura/ot/edge/file-capture.ts";
import { examine } from "@yagura/ot/edge/examine.ts";
import { liveIntervals } from "@yagura/ot/edge/live.ts";
import type { Capture } from "@yagura/ot/edge/capture.ts";
import { enterOptions, wholeNumber, type Values } from "./command-line.ts";

const SECONDS = 60;

/** Exit status 1 when something is bad. */
export async function doctor(values: Values): Promise<number> {
  const { file: files = [], interface: interfaces = [] } = values;
  if (files.length + interfaces.length === 0) throw raise("NOTHING_TO_CAPTURE");
  const { engine } = makeEngine();
  const running: Capture[] = [];
  const intervals =
    interfaces.length === 0
      ? intervalsOf(engine, files)
      : liveIntervals(
          engine,
          await enterCapture(enterOptions(values, null), stderrLog).then(({ start }) => start),
          wholeNumber(values, "seconds", 1, 86_400, SECONDS),
          (capture) => running.push(capture),
        );
  const sums = await examine(intervals, interfaces, () => running[0]?.counters() ?? []);
  const found = sums.flatMap(diagnose);
  const language = machineLanguage(process.env);
  if (values.json === true) console.log(JSON.stringify({ captures: sums, findings: found }));
  else {
    for (const { name, packets, dropped } of sums) console.log(seen[language](name, packets, dropped));
    if (found.length === 0) console.log(fine[language]);
    for (const diagnosis of found) {
      console.log(`\n${diagnosis.severity === "bad" ? "!" : "-"} ${sayDiagnosis(diagnosis, language)}`);
      for (const maker of switchMakers)
        console.log(`    ${switchTitles[maker][language]}: ${saySetting(diagnosis, maker, language)}`);
    }
  }
  return found.some(({ severity }) => severity === "bad") ? 1 : 0;
}

const seen = {
  en: (name: string, packets: number, dropped: number) => `${name}: ${packets} packets, ${dropped} dropped`,
  ja: (name: string, packets: number, dropped: number) => `${name}: ${packets} パケット、取りこぼし ${dropped}`,
} as const;
const fine = {
  en: "Nothing is wrong with the mirror as far as can be seen from here.",
  ja: "ここから見える範囲では、ミラー設定に問題はありません。",
} as const;
