/** Hours of the inquiry desk are the provider's data (matrix 7.4, EXP-23). */
import type { Activity } from "@yagura/commerce/charging/tables.ts";

export const activities = [] as const satisfies readonly Activity[];
