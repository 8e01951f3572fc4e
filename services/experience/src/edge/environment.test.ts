import { expect, test } from "vitest";
import type { AgentClock } from "./clock.ts";
import { defaultRoutes, Environment, type NetworkState } from "./environment.ts";

const SECOND = 1_000_000;

/** A machine whose time the test makes pass. */
function machine(hasBoot = true) {
  const state = { wall: 1_795_000_000 * SECOND, monotonic: 50 * SECOND, boot: 90 * SECOND };
  let network: NetworkState = { fingerprint: "eth0 192.0.2.1", present: true };
  const clock: AgentClock = {
    wall: () => state.wall,
    monotonic: () => state.monotonic,
    boot: () => (hasBoot ? state.boot : null),
  };
  const pass = (µs: number): void => {
    state.wall += µs;
    state.monotonic += µs;
    state.boot += µs;
  };
  return {
    environment: new Environment(clock, () => network),
    pass,
    sleep: (µs: number): void => {
      state.wall += µs;
      state.boot += µs;
    },
    set: (µs: number): void => void (state.wall += µs),
    move: (next: NetworkState): void => void (network = next),
    state,
  };
}

test("time that passes awake is no change", () => {
  const { environment, pass } = machine();
  for (let i = 0; i < 100; i++) {
    pass(SECOND);
    expect(environment.look()).toEqual([]);
  }
});

test.each([13, 59, 643, 1055])("a sleep of %i s is told with its length", (seconds) => {
  const { environment, pass, sleep, state } = machine();
  pass(SECOND);
  environment.look();
  expect(environment.jumped).toBe(false);
  sleep(seconds * SECOND);
  expect(environment.jumped).toBe(true);
  pass(1000);
  expect(environment.look()).toEqual([{ kind: "slept", by: seconds * SECOND, offset: state.wall - state.monotonic }]);
  expect(environment.jumped).toBe(false);
  expect(environment.look()).toEqual([]);
});

test.each([{ by: 86_400 }, { by: -86_400 }, { by: 0.5 }])("a clock set by $by s is not sleep", ({ by }) => {
  const { environment, pass, set } = machine();
  pass(SECOND);
  set(by * SECOND);
  expect(environment.look()).toMatchObject([{ kind: "clock-set", by: by * SECOND }]);
  expect(environment.look()).toEqual([]);
});

test("small steps add up and are noticed together", () => {
  const { environment, pass, set } = machine();
  const kinds: string[] = [];
  for (let i = 0; i < 10; i++) {
    pass(SECOND);
    set(4_000);
    kinds.push(...environment.look().map(({ kind }) => kind));
  }
  expect(kinds).toEqual(["clock-set"]);
});

test("without a boot clock a long jump forward is taken for sleep, never for loss", () => {
  const { environment, pass, set } = machine(false);
  pass(SECOND);
  set(60 * SECOND);
  expect(environment.look().map(({ kind }) => kind)).toEqual(["slept"]);
  set(-60 * SECOND);
  expect(environment.look().map(({ kind }) => kind)).toEqual(["clock-set"]);
});

test("the network: changed, lost, back", () => {
  const { environment, pass, move } = machine();
  const look = (state: NetworkState): string[] => {
    move(state);
    pass(2 * SECOND);
    return environment.look().map(({ kind }) => kind);
  };
  expect(look({ fingerprint: "eth0 192.0.2.1", present: true })).toEqual([]);
  expect(look({ fingerprint: "wlan0 198.51.100.7", present: true })).toEqual(["network-changed"]);
  expect(look({ fingerprint: "", present: false })).toEqual(["network-lost"]);
  expect(environment.networkMissing).toBe(true);
  expect(look({ fingerprint: "wlan0 198.51.100.7", present: true })).toEqual(["network-changed"]);
  expect(environment.networkMissing).toBe(false);
});

test("default routes of proc(5)", () => {
  const v4 = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
  ].join("\n");
  const zeros = "0".repeat(32);
  const v6 = [
    `fd000000000000000000000000000000 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0`,
    `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
  ].join("\n");
  expect(defaultRoutes(v4, v6)).toEqual(["eth0 010200C0", "eth0 fe800000000000000000000000000001"]);
  expect(defaultRoutes("", "")).toEqual([]);
});
