/** The colours of charts, read from the page's custom properties so that light, dark and print each have their own. */
import { useMemo } from "react";
import { readColours, useTheme } from "@yagura/portal/theme.ts";
import type { Palette } from "./paint.ts";

const names = [
  "--ex-text",
  "--ex-grid",
  "--ex-axis",
  "--ex-major",
  "--ex-surface",
  "--ex-hatch",
  "--ex-flag",
  "--ex-main",
  "--ex-second",
  "--ex-third",
  "--ex-fourth",
  "--ex-fifth",
  "--ex-sixth",
  "--ex-good",
  "--ex-notice",
  "--ex-bad",
  "--ex-faint",
] as const;

function read(): Palette {
  const colour = readColours(names);
  return {
    text: colour["--ex-text"],
    grid: colour["--ex-grid"],
    axis: colour["--ex-axis"],
    major: colour["--ex-major"],
    surface: colour["--ex-surface"],
    hatch: colour["--ex-hatch"],
    flag: colour["--ex-flag"],
    font: getComputedStyle(document.body).fontFamily,
    tone: {
      main: colour["--ex-main"],
      second: colour["--ex-second"],
      third: colour["--ex-third"],
      fourth: colour["--ex-fourth"],
      fifth: colour["--ex-fifth"],
      sixth: colour["--ex-sixth"],
      good: colour["--ex-good"],
      notice: colour["--ex-notice"],
      bad: colour["--ex-bad"],
      faint: colour["--ex-faint"],
    },
  };
}

/** Read again when the theme changes. */
export function usePalette(): Palette {
  const { shown } = useTheme();
  // The theme's name stands for every colour that is read.
  return useMemo(() => (shown === "dark" ? read() : read()), [shown]);
}
