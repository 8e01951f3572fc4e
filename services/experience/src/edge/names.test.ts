import { expect, test } from "vitest";
import type { Address } from "./address.ts";
import { Names } from "./names.ts";

const SECOND = 1_000_000;
const first: Address = { family: 4, text: "192.0.2.1" };
const second: Address = { family: 4, text: "192.0.2.2" };

/** Names whose resolution the test decides. */
function setUp() {
  const state = { now: 0, asked: 0, answer: first as Address | null };
  const names = new Names(
    () => state.now,
    async () => {
      state.asked++;
      if (state.answer === null) throw new Error("ENOTFOUND");
      return state.answer;
    },
  );
  const use = (host = "example.jp"): Promise<Address | null> =>
    new Promise((resolve) => names.use(host, undefined, resolve));
  return { state, names, use };
}

test("an address needs no resolution", async () => {
  const { state, use } = setUp();
  expect(await use("2001:db8::1")).toEqual({ family: 6, text: "2001:db8::1" });
  expect(state.asked).toBe(0);
});

test("a name is asked once, and again after a minute, in the background", async () => {
  const { state, use } = setUp();
  expect(await Promise.all([use(), use()])).toEqual([first, first]);
  state.now += 59 * SECOND;
  expect(await use()).toEqual(first);
  expect(state.asked).toBe(1);
  state.now += 2 * SECOND;
  state.answer = second;
  expect(await use()).toEqual(first);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await use()).toEqual(second);
  expect(state.asked).toBe(2);
});

test("when the name server is gone, the last address serves for ten minutes, then there is none", async () => {
  const { state, use } = setUp();
  await use();
  state.answer = null;
  state.now += 300 * SECOND;
  expect(await use()).toEqual(first);
  state.now += 400 * SECOND;
  expect(await use()).toBeNull();
  // Asked again only after a while.
  const { asked } = state;
  expect(await use()).toBeNull();
  expect(state.asked).toBe(asked);
  state.now += 6 * SECOND;
  state.answer = second;
  expect(await use()).toEqual(second);
});

test("what is not wanted any more when its turn comes is not asked, and at most two are asked at once", async () => {
  let most = 0;
  let running = 0;
  const names = new Names(
    () => 0,
    async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return first;
    },
  );
  const asked = Array.from({ length: 10 }, (_, i) => names.fresh("example.jp", () => i !== 9));
  const answers = await Promise.all(asked);
  expect(answers).toEqual([...Array.from({ length: 9 }, () => first), null]);
  expect(most).toBe(2);
});
