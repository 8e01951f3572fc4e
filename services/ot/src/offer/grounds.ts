import type { Ground } from "@yagura/commerce/charging/offer.ts";

export const grounds = [] as const satisfies readonly Ground[];
