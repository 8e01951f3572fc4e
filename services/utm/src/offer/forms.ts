import type { OrderForm } from "@yagura/commerce/charging/offer.ts";

export const forms = [] as const satisfies readonly OrderForm[];
