/** What is shipped or suggested as a setting is a value that the provider might have entered. */
import { expect, test } from "vitest";
import { settingFaults } from "@yagura/commerce/terms/setting-shapes.ts";
import { offers } from "../support/offers.ts";

const values = offers.flatMap(({ service, required, readings, defaults }) => [
  ...required
    .filter(({ key }) => !key.startsWith("price:") && !key.startsWith("activity:"))
    .map(({ key, suggestion }) => ({ service, key, value: suggestion })),
  ...readings.map(({ key, chosen }) => ({ service, key, value: chosen as unknown })),
  ...defaults.map(({ key, value }) => ({ service, key, value: value })),
]);

test.each(values)("COM-30 $service $key", ({ key, value }) => {
  expect(settingFaults(key, value)).toEqual([]);
});
