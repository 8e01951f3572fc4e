/** The five services as they are shipped, for charging without a server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { preview, type Preview, type PreviewWorld } from "@yagura/commerce/charging/preview.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import { offer as experience } from "@yagura/experience/charges.ts";
import { offer as ot } from "@yagura/ot/charges.ts";
import { offer as remote } from "@yagura/remote/charges.ts";
import { offer as security } from "@yagura/security/charges.ts";
import { offer as utm } from "@yagura/utm/charges.ts";

export const offers = [experience, security, remote, ot, utm];
export const tables = shippedTables(offers, { suggested: true });
export const world: PreviewWorld = {
  tables,
  units: Object.fromEntries(offers.map(({ service, invoiceUnit }) => [service, invoiceUnit])),
};

const folder = new URL("../../platform/commerce/testdata/", import.meta.url).pathname;
export const readJson = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));

/** Answer of a golden file. */
export const answer = (name: string): Preview => preview(world, readJson(`golden/${name}.json`));
