/** Pictures of the sample invoice in both languages: part of `npm run screenshots`, or alone with `node scripts/screenshots-invoice.ts`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePrinters, renderDocument } from "@yagura/reports/reports.ts";
import { sampleInvoice } from "../tests/support/documents.ts";
import { recompressed } from "./screenshots-png.ts";

/** Points per inch of the picture: A4 becomes 909 × 1286. */
const RESOLUTION = 110;

/** Whether this machine can draw a PDF; without it the pictures stay as they are. */
export const drawsPdf = (): boolean => spawnSync("pdftoppm", ["-v"], { stdio: "ignore" }).status === 0;

/** Names of the pictures. */
export const invoicePictures = ["invoice-ja.png", "invoice-en.png"] as const;

/** Writes both pictures into the folder; returns their bytes. */
export async function drawInvoices(folder: string): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), "yagura-invoice-"));
  let bytes = 0;
  try {
    for (const language of ["ja", "en"] as const) {
      const pdf = join(work, `invoice-${language}.pdf`);
      writeFileSync(pdf, await renderDocument("invoice", sampleInvoice, language));
      const drawn = join(work, `invoice-${language}`);
      const { status, stderr } = spawnSync("pdftoppm", ["-r", String(RESOLUTION), "-png", "-singlefile", pdf, drawn], {
        encoding: "utf8",
        timeout: 60_000,
      });
      if (status !== 0) throw new Error(`pdftoppm failed: ${stderr}`);
      const picture = recompressed(readFileSync(`${drawn}.png`));
      writeFileSync(join(folder, `invoice-${language}.png`), picture);
      bytes += picture.length;
    }
  } finally {
    await closePrinters();
    rmSync(work, { recursive: true, force: true });
  }
  return bytes;
}

if (import.meta.main) {
  if (!drawsPdf()) throw new Error("pdftoppm is not installed (package poppler-utils): it draws the PDF.");
  console.log(`${await drawInvoices(new URL("../docs/screenshots/", import.meta.url).pathname)} bytes`);
}
