/** Hours and business days of OT security are the provider's data (matrix 7.4, COM-30). */
import type { Activity } from "@yagura/commerce/charging/tables.ts";

export const activities = [] as const satisfies readonly Activity[];
