/** Opens what the API tells of a site whose names and addresses are tokens. Pure but for the cipher. */
import { isToken, type Tokens } from "../../wire/tokens.ts";

/** Texts that may be an address: four bytes, or two colons at least. */
const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f.]*:[0-9a-f.]*:)[0-9a-f:.]{2,45}`;
/** By itself, in a list, before a switch's port (“00:1b:1b:00:00:01|1/7”), or behind a name: “PLC-7 (192.0.2.7)”, “192.0.2.7 [00:1b:1b:00:00:01], …”. */
const WHERE = new RegExp(String.raw`(^|, |[([])(${ADDRESS})(?=$|,|\||[)\]]| [([·])`, "gi");
/** Networks of the size that tokens keep: /24 and /64. */
const NETWORK = /^([0-9a-f:.]+)\/(24|64)$/i;
const WITHIN = /yt1\.[A-Za-z0-9_-]+/g;

/** Whether all is under the key, or only texts that prove it themselves. */
export type Reach = "all" | "texts";

/** One text. Tokens in the middle of a sentence are opened too. */
async function openText(text: string, tokens: Tokens, reach: Reach): Promise<string> {
  if (isToken(text) && !/[\s|]/.test(text)) return (await tokens.openText(text)) ?? text;
  if (reach === "all") {
    const network = NETWORK.exec(text);
    if (network?.[1] !== undefined) return `${await tokens.openAddress(network[1])}/${network[2]}`;
  }
  // Addresses first: a name in clear may look like one.
  const placed = reach === "all" ? await replaced(text, WHERE, 2, (address) => tokens.open(address)) : text;
  return replaced(placed, WITHIN, 0, async (token) => (await tokens.openText(token)) ?? token);
}

/** Each match's `group` becomes what `open` makes of it. */
async function replaced(
  text: string,
  pattern: RegExp,
  group: number,
  open: (part: string) => Promise<string>,
): Promise<string> {
  const clear = new Map<string, string>();
  for (const match of text.matchAll(pattern)) {
    const part = match[group] ?? "";
    if (!clear.has(part)) clear.set(part, await open(part));
  }
  if (clear.size === 0) return text;
  return text.replaceAll(pattern, (...found: string[]) => {
    const part = found[group] ?? "";
    return (found[0] ?? "").replace(part, () => clear.get(part) ?? part);
  });
}

/** Of these the four numbers of a version look like an address. */
const versions: ReadonlySet<string> = new Set(["firmware", "version", "os", "revision", "hardware"]);
/** So do what a device says of itself, and what it said before, in a finding that tells of both. */
const isVersion = (owner: object, name: string): boolean =>
  versions.has(name) || ("attributeEn" in owner && (name === "value" || name === "before"));

/** A copy of the answer in clear; ids and words of lists are as they were. */
export async function openAll<T>(data: T, tokens: Tokens, reach: Reach): Promise<T> {
  const walk = async (value: unknown): Promise<unknown> => {
    if (typeof value === "string") return openText(value, tokens, reach);
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (typeof value !== "object" || value === null) return value;
    const entries = await Promise.all(
      Object.entries(value).map(async ([name, inner]) => {
        const version = typeof inner === "string" && isVersion(value, name);
        return [name, version ? await openText(inner, tokens, "texts") : await walk(inner)] as const;
      }),
    );
    return Object.fromEntries(entries);
  };
  return (await walk(data)) as T;
}

/** An address or network that was typed in clear, as the server knows it. */
export async function closeNetwork(text: string, tokens: Tokens): Promise<string> {
  const [address = "", ...length] = text.split("/");
  return [await tokens.address(address), ...length].join("/");
}
