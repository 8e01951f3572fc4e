import { afterAll, expect, test } from "vitest";
import { longInvoice, sampleInvoice } from "../../../tests/support/documents.ts";
import { pdfPages } from "../../testkit/src/pdf-text.ts";
import { printDocument } from "./documents.ts";
import { closePrinters, MAX_WAITING, renderDocument } from "./reports.ts";

afterAll(closePrinters);

test("many documents at once: each is its own, and the same as printed here", async () => {
  const numbers = Array.from({ length: 12 }, (_, index) => `INV-${index}`);
  const printed = await Promise.all(
    numbers.map((number) => renderDocument("invoice", { ...sampleInvoice, number }, "en")),
  );
  for (const [index, bytes] of printed.entries()) expect(pdfPages(bytes)[0]?.text).toContain(`INV-${index}`);
  const here = await printDocument("invoice", { ...sampleInvoice, number: "INV-3" }, "en");
  expect(Buffer.from(printed[3] as Uint8Array).equals(Buffer.from(here))).toBe(true);
});

test("a refusal comes back with its code and sentence, and the next document is printed", async () => {
  const name = "山间商事";
  const refused = renderDocument(
    "invoice",
    { ...sampleInvoice, recipient: { ...sampleInvoice.recipient, name } },
    "ja",
  );
  await expect(refused).rejects.toMatchObject({ code: "DOCUMENT_CHARACTER_MISSING", status: 422 });
  await expect(renderDocument("invoice", sampleInvoice, "ja")).resolves.toBeInstanceOf(Uint8Array);
});

test("the caller's thread goes on while a long document is printed", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await renderDocument("invoice", longInvoice(1_000), "ja");
  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
});

test(`more than ${MAX_WAITING} waiting documents are refused`, async () => {
  const asked = Array.from({ length: MAX_WAITING + 10 }, () =>
    renderDocument("suspension", null as never, "ja").catch((error: { code: string }) => error.code),
  );
  const codes = await Promise.all(asked);
  expect(codes.filter((code) => code === "DOCUMENT_PRINTER_BUSY").length).toBeGreaterThan(0);
  expect(new Set(codes)).toEqual(new Set(["DOCUMENT_PRINTER_BUSY", "DOCUMENT_PRINTER_FAILED"]));
});
