/** Findings on their way to people. */
import type { Finding } from "@yagura/core/finding.ts";
import { takeFindings } from "@yagura/alerts/alerts.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

/** Hands the findings of one transaction on; they are stored already (ot.finding). */
export async function tellAlerts(tx: Tx, platform: Platform, findings: readonly Finding[]): Promise<void> {
  if (findings.length > 0) await takeFindings(tx, platform, findings);
}
