/** Losses with exact ratios, by nftables inside a namespace. */
import type { Namespace } from "./namespace.ts";

/**
 * Drops exactly one of `every` packets that match on their way in (the first of each `every` is kept or dropped by the
 * counter's start: `numgen inc`), e.g. `dropEvery(ns, "icmp type echo-request", 20)` is 5 %.
 */
export async function dropEvery(namespace: Namespace, match: string, every: number): Promise<void> {
  await namespace.shell(`nft -f - <<'EOF'
table inet lab { chain drops { type filter hook input priority 0; ${match} numgen inc mod ${every} == 0 counter drop; }
}
EOF`);
}

/** Packets dropped so far by `dropEvery`. */
export async function dropped(namespace: Namespace): Promise<number> {
  const { out } = await namespace.run("nft", "-j", "list", "table", "inet", "lab");
  const match = /"counter": \{"packets": (\d+)/.exec(out);
  return match === null ? 0 : Number(match[1]);
}
