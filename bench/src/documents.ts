/** Invoices as PDF: how many in a second, alone and at once, and how much memory they take. */
import { closePrinters, renderDocument } from "@yagura/reports/reports.ts";
import { longInvoice, sampleInvoice } from "../../tests/support/documents.ts";
import type { Bench, BenchRow } from "./result.ts";

const WANTED = 20;

/** Documents a second of an invoice with so many lines, and the time of one alone. */
export async function invoicesPerSecond(lines: number, documents: number): Promise<BenchRow> {
  const content = lines === 5 ? sampleInvoice : longInvoice(lines);
  const numbered = (index: number) => ({ ...content, number: `INV-2612-${String(index).padStart(6, "0")}` });
  const began = performance.now();
  const first = await renderDocument("invoice", numbered(0), "ja");
  const alone = performance.now() - began;
  let bytes = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  // As the bill run mails them: a bounded number at once.
  for (let from = 0; from < documents; from += 100) {
    const count = Math.min(100, documents - from);
    const printed = await Promise.all(
      Array.from({ length: count }, (_, index) => renderDocument("invoice", numbered(from + index), "ja")),
    );
    for (const document of printed) bytes += document.length;
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    lines,
    documents,
    "PDF/s": documents / seconds,
    "CPU ms/PDF": (user + system) / 1000 / documents,
    "ms alone": alone,
    "kB each": bytes / documents / 1000 || first.length / 1000,
    "MB resident": process.memoryUsage.rss() / 1e6,
  };
}

export const bench: Bench = {
  name: "documents",
  group: "commerce",
  summary: "invoices as PDF: per second, time of one, memory",
  async run() {
    try {
      // Threads and fonts are there from the first document on.
      await invoicesPerSecond(5, 4);
      const rows = [
        await invoicesPerSecond(5, 300),
        await invoicesPerSecond(60, 100),
        await invoicesPerSecond(5, 600),
        await invoicesPerSecond(2_000, 2),
      ];
      const rate = Number(rows[0]?.["PDF/s"]);
      const [early, late] = [Number(rows[0]?.["MB resident"]), Number(rows[2]?.["MB resident"])];
      return {
        name: "documents",
        columns: ["lines", "documents", "PDF/s", "CPU ms/PDF", "ms alone", "kB each", "MB resident"],
        rows,
        reach: [
          {
            what: "invoices as PDF",
            wanted: `at least ${WANTED}/s`,
            got: `${rate.toFixed(1)}/s`,
            met: rate >= WANTED,
          },
          {
            what: "memory after 300 and after 1,000 documents",
            wanted: "within 150 MB of each other",
            got: `${early.toFixed(0)} MB, ${late.toFixed(0)} MB`,
            met: late - early < 150,
          },
        ],
        notes: [
          "Processor time is that of all threads; on a machine that is busy with other work it tells more than the rate.",
          "Two printing threads; the time alone of the first row includes neither their start nor the reading of the fonts.",
        ],
      };
    } finally {
      await closePrinters();
    }
  },
};
