/** Opens what the API tells of a site whose names and addresses are tokens. Pure but for the cipher. */
import { isToken, type Tokens } from "../../wire/tokens.ts";

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6 = /^(?=.*:)[0-9a-f:.]{2,45}$/i;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
/** Networks of the size that tokens keep: /24 and /64. */
const NETWORK = /^([0-9a-f:.]+)\/(24|64)$/i;
const WITHIN = /yt1\.[A-Za-z0-9_-]+/g;

/** Whether all is under the key, or only texts that prove it themselves. */
export type Reach = "all" | "texts";

/** One text. Tokens in the middle of a sentence are opened too. */
async function openText(text: string, tokens: Tokens, reach: Reach): Promise<string> {
  if (isToken(text) && !/\s/.test(text)) return (await tokens.openText(text)) ?? text;
  if (reach === "all") {
    if (IPV4.test(text) || MAC.test(text) || (IPV6.test(text) && text.includes(":"))) return tokens.open(text);
    const network = NETWORK.exec(text);
    if (network?.[1] !== undefined) return `${await tokens.openAddress(network[1])}/${network[2]}`;
  }
  const found = text.match(WITHIN);
  if (found === null) return text;
  const clear = new Map<string, string>();
  for (const token of found) clear.set(token, (await tokens.openText(token)) ?? token);
  return text.replaceAll(WITHIN, (token) => clear.get(token) ?? token);
}

/** A copy of the answer in clear; ids and words of lists are as they were. */
export async function openAll<T>(data: T, tokens: Tokens, reach: Reach): Promise<T> {
  const walk = async (value: unknown): Promise<unknown> => {
    if (typeof value === "string") return openText(value, tokens, reach);
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (typeof value !== "object" || value === null) return value;
    const entries = await Promise.all(
      Object.entries(value).map(async ([name, inner]) => [name, await walk(inner)] as const),
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
