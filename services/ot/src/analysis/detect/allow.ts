/** Allow rules: what a person has said is always in order. */
import { insideCidr } from "./addresses.ts";
import { GROUP, INTERNET } from "./parties.ts";
import type { Draft, Run } from "./run.ts";
import type { AllowRule } from "./types.ts";

export function matchesRule(run: Run, rule: AllowRule, draft: Draft): boolean {
  if (rule.kinds !== undefined && !rule.kinds.includes(draft.kind)) return false;
  const { client, server } = draft;
  // Without kinds a rule speaks of conversations only: it must not swallow, say, a new device.
  if (rule.kinds === undefined && (client === undefined || server === undefined)) return false;
  return (
    matchesParty(run, rule.client, client ?? draft.about) &&
    matchesParty(run, rule.server, server ?? draft.peer ?? draft.about) &&
    (rule.protocol === undefined || rule.protocol === draft.protocol) &&
    (rule.class === undefined || rule.class === draft.class)
  );
}

export function matchesParty(run: Pick<Run, "asset" | "input">, pattern: string | undefined, party: string): boolean {
  if (pattern === undefined || pattern === "*" || pattern === party) return true;
  if (pattern === "internet") return party === INTERNET;
  if (pattern === "group") return party.startsWith(GROUP);
  const asset = run.asset(party);
  if (pattern.startsWith("role:")) return asset?.role === pattern.slice(5);
  if (pattern.startsWith("zone:")) return run.input.zoneOf?.(party)?.name === pattern.slice(5);
  const addresses = asset?.addresses ?? [party.replace(/^at:|^group:/, "")];
  return (
    addresses.some((address) => address === pattern || insideCidr(address, pattern)) ||
    asset?.macs.includes(pattern) === true
  );
}
