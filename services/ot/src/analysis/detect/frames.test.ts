/** From frames to findings: the synthetic factory through engine, assets and detections, with ten minutes of learning. */
import { expect, test } from "vitest";
import type { Finding } from "@yagura/core/finding.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { createEngine } from "../../decode/engine.ts";
import { Factory } from "../../demo/factory.ts";
import { dissectors } from "../../protocols/registry.ts";
import { METADATA_VERSION } from "../../wire/metadata.ts";
import { AssetIndex } from "../assets/asset-index.ts";
import { resolve } from "../assets/resolve.ts";
import type { Asset } from "../model.ts";
import { observe } from "../observe.ts";
import { Replay } from "./replay.ts";
import { defaultSettings } from "./settings.ts";

const start = 1_790_000_000_000_000;
const LEARNING = 600;

function run(seconds: number): readonly Finding[] {
  const factory = new Factory({ start, engineering: 700, attack: 760, stops: 820 });
  const engine = createEngine({ dissectors, primitives: { sha256, openQuicInitial } });
  const index = new AssetIndex([], { vendorOf: () => null });
  const days = LEARNING / 86_400;
  const learning = { ...defaultSettings.learning, minimumDays: days, maximumDays: days };
  const settings = { ...defaultSettings, learning };
  const standing = { organisation: "o", site: "s", settings, permits: [], mutes: [], allowed: [] };
  const replay = new Replay(standing, start / 1_000);
  let made = 0;
  for (let second = 10; second <= seconds; second += 10) {
    const now = start + second * 1e6;
    for (const { time, frame } of factory.frames(now)) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
    const interval = engine.take(now);
    if (interval === null) continue;
    const ledger = { number: 1, previous: "0".repeat(64) };
    const body = { ...interval, version: METADATA_VERSION, ledger, tokens: null } as const;
    const observation = observe(body, { sensor: "sensor", clockOffset: 0 });
    const { assetOf } = resolve(index, observation, () => `asset-${++made}`);
    const assets = new Map<string, Asset>([...index.assets()].map((asset) => [asset.id, asset]));
    replay.feed({ observation, assets, assetOf });
  }
  return replay.result().findings;
}

test("OT-16 OT-21 OT-22 OT-26 the synthetic factory: quiet while it works, then the engineer, the stranger, the stop", () => {
  const found = run(1_000);
  const between = (from: number, to: number): string[] => [
    ...new Set(
      found
        .filter(({ since }) => since >= start / 1_000 + from * 1_000 && since < start / 1_000 + to * 1_000)
        .map(({ kind }) => kind),
    ),
  ];
  expect(between(0, 690)).toEqual(["ot.protocol.weak"]);
  expect(between(690, 755).toSorted()).toEqual(["ot.conversation.new", "ot.program.downloaded"]);
  const attack = between(755, 815);
  for (const kind of [
    "ot.device.new",
    "ot.scan.ports",
    "ot.scan.arp",
    "ot.arp.spoofing",
    "ot.device.stopped",
    "ot.command.class-new",
    "ot.login.cleartext",
  ]) {
    expect(attack).toContain(kind);
  }
  expect(between(815, 1_000)).toEqual(["ot.cycle.silent"]);
});
