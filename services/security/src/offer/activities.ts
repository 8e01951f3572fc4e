/** The desk's hours are the provider's data (matrix 7.4, A-SEC-11). */
import type { Activity } from "@yagura/commerce/charging/tables.ts";

export const activities = [] as const satisfies readonly Activity[];
