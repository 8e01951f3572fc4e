/** What counts as one client where requests are counted. Pure. */

/**
 * The address itself for IPv4, the /64 network for IPv6: a household or a server is given at least that much (RFC 6177), so that
 * single IPv6 addresses cost nothing and would make every limit void.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: between }, () => "0"), ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** Groups of one side of `::`, without leading zeros; an IPv4 ending stands for two. */
const groupsOf = (text: string): string[] =>
  text
    .split(":")
    .filter((group) => group !== "")
    .flatMap((group) => (group.includes(".") ? ["0", "0"] : [group.toLowerCase().replace(/^0+(?=.)/, "")]));
