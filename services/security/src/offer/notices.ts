import type { NoticeRule } from "@yagura/commerce/charging/offer.ts";

export const notices = [] as const satisfies readonly NoticeRule[];
