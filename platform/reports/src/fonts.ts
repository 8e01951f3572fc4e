/** The document font: Noto Sans JP regular and bold (SIL Open Font License 1.1), read once per process or worker. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { coverage, thinned } from "./font-file.ts";

const require = createRequire(import.meta.url);

export interface DocumentFonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
  /** Whether both weights have a glyph for the code point. */
  readonly has: (codePoint: number) => boolean;
}

let read: DocumentFonts | undefined;

export function documentFonts(): DocumentFonts {
  if (read === undefined) {
    const regular = thinned(
      readFileSync(require.resolve("@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf")),
    );
    const bold = thinned(
      readFileSync(require.resolve("@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf")),
    );
    const [inRegular, inBold] = [coverage(regular), coverage(bold)];
    read = { regular, bold, has: (codePoint) => inRegular(codePoint) && inBold(codePoint) };
  }
  return read;
}
