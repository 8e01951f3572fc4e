/** How many bytes the sender lets be under way on lines of different speed. */
import { describe, expect, test } from "vitest";
import { Line } from "./line.ts";

/** Sends batches over a line that shares its speed (bytes a second) among those under way; gives the longest time of one, ms. */
function run(speed: number, bytes: number, batches: number): { longest: number; most: number } {
  const line = new Line();
  let flying: { left: number; began: number }[] = [];
  let [now, sent, longest, most] = [0, 0, 0, 0];
  while (sent < batches || flying.length > 0) {
    while (sent < batches && flying.length < 6 && line.fits(bytes)) {
      line.began(bytes);
      flying.push({ left: bytes, began: now });
      sent++;
    }
    most = Math.max(most, flying.length);
    now += 100;
    for (const each of flying) each.left -= speed / 10 / flying.length;
    for (const { began } of flying.filter(({ left }) => left <= 0)) {
      longest = Math.max(longest, now - began);
      line.ended(bytes, now - began);
    }
    flying = flying.filter(({ left }) => left > 0);
  }
  return { longest, most };
}

describe("the line (OT-5)", () => {
  test("64 kbit/s: no batch waits a minute behind the others, however large", () => {
    expect(run(8_000, 20_000, 200).longest).toBeLessThan(20_000);
    expect(run(8_000, 250_000, 20)).toEqual({ longest: 31_300, most: 1 });
  });

  test("a fast line is filled", () => expect(run(12_500_000, 250_000, 200).most).toBe(6));

  test("nothing is under way for nothing: the first batch always goes, one that failed makes room", () => {
    const line = new Line();
    expect(line.fits(1e9)).toBe(true);
    line.began(1e9);
    expect(line.fits(1)).toBe(false);
    line.ended(1e9, null);
    expect(line.fits(1e9)).toBe(true);
  });
});
