import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { withStores } from "@yagura/testkit/database.ts";
import type { Asset } from "../analysis/model.ts";
import { endOfSupportOf, FactsKeeper, vulnerabilitiesOf } from "./facts.ts";
import { loadFeeds } from "./load.ts";
import { readFeeds } from "./store.ts";

const migrations = [{ room: "ot", postgres: new URL("../../migrations/postgres/", import.meta.url) }];
const evidence = (value: string) => [{ value, source: "cip" as const, confidence: 0.9, count: 1, first: 0, last: 0 }];
const asset = {
  id: "a1",
  attributes: {
    vendor: evidence("Moxa"),
    model: evidence("EDS-408A"),
    firmware: evidence("3.1"),
    os: evidence("Windows 7"),
  },
} as unknown as Asset;

const tsv = (...rows: string[]): string => `advisory\tcve\tcvss3\tvendor\tproduct\tversion_range\n${rows.join("\n")}\n`;

test(
  "facts are loaded from a folder, renewed by advisory, and asked by the watch of any organisation (OT-24, OT-25, OT-N11)",
  withStores({ migrations }, async ({ store }) => {
    const folder = await mkdtemp(join(tmpdir(), "yagura-feeds-"));
    try {
      const keeper = new FactsKeeper();
      const facts = () => store.organisation(newId(), (tx) => keeper.of(tx));
      const shipped = await facts();
      expect(shipped.states).toEqual([]);
      expect(shipped.vendorOf("00:0e:8c:00:00:01")).toBe("Siemens");
      expect(endOfSupportOf(shipped, [asset], "2026-11-20")).toEqual([
        { asset: "a1", product: "Windows 7", ended: "2020-01-14", confidence: 0.9 },
      ]);
      expect(vulnerabilitiesOf(shipped, [asset])).toEqual([]);

      await mkdir(join(folder, "inner"));
      await writeFile(
        join(folder, "inner", "rows.tsv"),
        tsv("A-1\tCVE-2024-1\t7.5\tMoxa\tEDS-408A\t<= 3.8", "A-2\tCVE-2024-2\t5\tMoxa\tEDS-408A\t<= 3.0"),
      );
      await writeFile(
        join(folder, "kev.csv"),
        "cveID,dateAdded,knownRansomwareCampaignUse\nCVE-2024-1,2024-05-01,Known\n",
      );
      await writeFile(join(folder, "notes.txt"), "nothing\n");
      let time = 1_000;
      const platform = { store, clock: { now: () => (time += 1_000) } } as never;
      const first = await loadFeeds(platform, [folder]);
      expect(first.loaded.map(({ kind, rows }) => `${kind} ${rows}`).toSorted()).toEqual([
        "advisories 2",
        "exploited 1",
      ]);
      expect(first.unknown).toEqual([join(folder, "notes.txt")]);
      const loaded = await facts();
      expect(loaded).not.toBe(shipped);
      expect(await facts()).toBe(loaded);
      expect(vulnerabilitiesOf(loaded, [asset])).toEqual([
        {
          asset: "a1",
          advisory: "A-1",
          cve: "CVE-2024-1",
          product: "EDS-408A",
          matched: "model EDS-408A, firmware 3.1",
          exploited: true,
          confidence: 0.85,
        },
      ]);

      // Renewed: A-1 is corrected to older versions; A-2 stays.
      await writeFile(join(folder, "inner", "rows.tsv"), tsv("A-1\tCVE-2024-1\t7.5\tMoxa\tEDS-408A\t<= 2.0"));
      await loadFeeds(platform, [join(folder, "inner", "rows.tsv")]);
      expect(vulnerabilitiesOf(await facts(), [asset])).toEqual([]);
      const stored = await store.provider((tx) => readFeeds(tx));
      expect(stored?.advisories.map(({ advisory, versions }) => `${advisory} ${versions}`)).toEqual([
        "A-2 <= 3.0",
        "A-1 <= 2.0",
      ]);

      await expect(loadFeeds(platform, [join(folder, "notes.txt")])).rejects.toMatchObject({ code: "FEED_UNKNOWN" });
      await expect(loadFeeds(platform, [join(folder, "nowhere")])).rejects.toMatchObject({ code: "FEED_UNREADABLE" });
    } finally {
      await rm(folder, { recursive: true });
    }
  }),
);
