/** What every page must bear: axe-core, glyphs for all its characters, no sideways scrolling. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Serious and critical violations of WCAG 2.2 AA, one line each. Runs through the debugger, hence under the page's own policy. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const result = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`,
  );
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${page.url()} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join(" | ")}`,
    );
}

/**
 * Characters of the page that no font of this machine can draw: their picture equals that of a code point that never has a
 * glyph (the box).
 */
export const missingGlyphs = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 48;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.font = "32px " + getComputedStyle(document.body).fontFamily;
    pen.textBaseline = "top";
    const picture = (text) => {
      pen.clearRect(0, 0, 48, 48);
      pen.fillText(text, 4, 4);
      return pen.getImageData(0, 0, 48, 48).data.join();
    };
    const box = picture("\\u{10FFFE}");
    const characters = new Set(document.body.innerText + document.title);
    return [...characters].filter((each) => each.trim() !== "" && picture(each) === box);
  })()`);

/** Pixels by which the page is wider than the window. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
