import { afterEach, expect, test, vi } from "vitest";
import { cli } from "./cli.ts";

afterEach(() => vi.restoreAllMocks());

/** Runs a command and gives back what a terminal would show. */
async function run(name: string, argv: readonly string[]): Promise<{ status: number; out: string; complaint: string }> {
  const said = { out: "", complaint: "" };
  vi.spyOn(console, "log").mockImplementation((text: string) => void (said.out += `${text}\n`));
  vi.spyOn(console, "error").mockImplementation((text: string) => void (said.complaint += `${text}\n`));
  const command = cli.find((one) => one.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return { status: await command.run(argv), ...said };
}

test("emodel with all defaults of G.107 table 2 gives R 93.2 and MOS 4.41", async () => {
  const { status, out } = await run("emodel", []);
  const said = JSON.parse(out) as { R: number; mos: number; parameters: { Ta: number } };
  expect(status).toBe(0);
  expect(said.R).toBeCloseTo(93.2, 1);
  expect(said.mos).toBeCloseTo(4.41, 2);
});

test("emodel takes parameters by their own names, negative ones too, and codecs", async () => {
  const { out } = await run("emodel", [
    "--T",
    "200",
    "--Ta",
    "200",
    "--Tr",
    "400",
    "--Nc",
    "-60",
    "--codec",
    "GSM EFR",
  ]);
  const said = JSON.parse(out) as { R: number; parameters: Record<string, number> };
  expect(said.parameters).toMatchObject({ Ta: 200, Nc: -60, Ie: 5, Bpl: 10 });
  expect(said.R).toBeLessThan(93);
});

test.each([
  { name: "emodel", argv: ["--Ta", "soon"], says: "--Ta needs a number" },
  { name: "emodel", argv: ["--Ta="], says: "--Ta needs a number" },
  { name: "emodel", argv: ["--colour", "1"], says: "--colour" },
  { name: "emodel", argv: ["--codec", "MP3"], says: "Unknown codec" },
  { name: "contract-number check", argv: [], says: "at least one" },
])("$name $argv is refused with a reason", async ({ name, argv, says }) => {
  const { status, complaint } = await run(name, argv);
  expect(status).toBe(2);
  expect(complaint).toContain(says);
});

test("EXP-T09 contract-number check", async () => {
  const good = await run("contract-number check", ["exp-2611-000123-5"]);
  expect(good.status).toBe(0);
  expect(JSON.parse(good.out)).toEqual({
    number: "EXP-2611-000123-5",
    valid: true,
    service: "EXP",
    yearMonth: "2611",
    counter: 123,
  });
  const bad = await run("contract-number check", ["EXP-2611-000123-5", "EXP-2611-000123-6"]);
  expect(bad.status).toBe(1);
  expect(JSON.parse(bad.out)).toMatchObject([{ valid: true }, { valid: false }]);
});
