/** The web manual of the agent, to which install invitations point (EXP-T08): plain HTML in Japanese and English, no script. */
import type { Language } from "@yagura/core/errors.ts";
import { manualEnglish } from "./manual-en.ts";
import { manualJapanese } from "./manual-ja.ts";

export interface ManualFacts {
  /** Public address of this control plane. */
  readonly server: string;
  /** Whether programs trust our own authority by the fingerprint in their key. */
  readonly pinned: boolean;
}
/** One chapter: an anchor, a heading, and its HTML. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}
export interface Manual {
  readonly title: string;
  readonly lead: string;
  readonly other: string;
  readonly contents: string;
  readonly chapters: readonly Chapter[];
}

/** Text that stands in HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page in a language. Every value that is put in is escaped. */
export function manualPage(language: Language, facts: ManualFacts): string {
  const given = { ...facts, server: escapeHtml(facts.server) };
  const manual = language === "ja" ? manualJapanese(given) : manualEnglish(given);
  const other = language === "ja" ? "en" : "ja";
  const links = manual.chapters.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join("");
  const chapters = manual.chapters
    .map(({ id, title, html }) => `<section id="${id}"><h2>${title}</h2>${html}</section>`)
    .join("\n");
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${manual.title}</title>
<link rel="stylesheet" href="/manual/style.css">
</head>
<body>
<header><a class="other" href="/manual/agent?language=${other}" hreflang="${other}" lang="${other}">${manual.other}</a></header>
<main>
<h1>${manual.title}</h1>
<p class="lead">${manual.lead}</p>
<nav aria-label="${manual.contents}"><ul>${links}</ul></nav>
${chapters}
</main>
</body>
</html>
`;
}

export const MANUAL_STYLE = `:root{color-scheme:light dark;--ink:#17212b;--paper:#fff;--quiet:#51606e;--line:#d5dce2;--code:#f2f5f7;--link:#0b5cab}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--paper:#12181e;--quiet:#a3b1be;--line:#34414c;--code:#1c252d;--link:#7cb8f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.75 system-ui,"Noto Sans JP","Hiragino Sans","Yu Gothic UI",sans-serif}
main,header{max-width:46rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1rem;text-align:right}
main{padding-bottom:4rem}
h1{font-size:1.75rem;line-height:1.3;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
.lead{color:var(--quiet);font-size:1.05rem}
a{color:var(--link)}a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
nav ul{columns:2 14rem;padding-left:1.25rem}
pre,code{font-family:ui-monospace,"SFMono-Regular",Consolas,"Noto Sans Mono",monospace;font-size:.9em}
code{background:var(--code);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;overflow-x:auto}
pre code{background:none;padding:0}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
th,td{border-bottom:1px solid var(--line);padding:.4rem .75rem .4rem 0;text-align:left;vertical-align:top}
.note{border-left:4px solid var(--link);padding:.25rem 1rem;background:var(--code)}
`;
