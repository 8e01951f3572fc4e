/** On which addresses the control plane listens, and what it calls itself when nobody told it a public address. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import type { Language } from "@yagura/core/errors.ts";
import { DEFAULT_PORT, type Options } from "./options.ts";

const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";
const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/** The agent of this machine and the people at it come by loopback, whatever other address is served. */
export function listenHosts(host: string): string[] {
  if (host === "localhost") return ["127.0.0.1", "::1"];
  return isWildcard(host) || host === "127.0.0.1" ? [host] : [host, "127.0.0.1"];
}

/** Plain HTTP for this machine itself (passkeys need the name localhost), https for others: they are given nothing else. */
export function ownAddress({ host, plainHttp }: Pick<Options, "host" | "plainHttp">, port: number): string {
  if (isWildcard(host)) return `http://localhost:${port}`;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return `${isLoopback(host) || plainHttp ? "http" : "https"}://${name}:${port}`;
}

/** What the person who starts it should know about the address in mails, or null. */
export function addressNote(
  { host, publicUrl }: Pick<Options, "host" | "publicUrl">,
  address: string,
  language: Language,
): string | null {
  if (publicUrl !== null || !isWildcard(host)) return null;
  const port = new URL(address).port;
  return language === "ja"
    ? `招待メールには ${address} が記載されますが、このアドレスを開けるのはこのマシンだけです。ほかのマシンにエージェントを入れる場合は、--public-url https://NAME:${port}（NAME はほかのマシンから見たこのマシンの名前またはアドレス）を付けて起動してください。`
    : `Invitations name ${address}, which only this machine can open. For agents on other machines start with --public-url https://NAME:${port}, where NAME is this machine's name or address as they see it.`;
}

const addressFile = (dataFolder: string): string => join(dataFolder, "run", "address");

/** Kept for commands that run while the control plane does not: a link they make must open when it runs again. */
export async function rememberAddress(dataFolder: string, address: string): Promise<void> {
  await mkdir(join(dataFolder, "run"), { recursive: true, mode: 0o700 });
  await writeFile(addressFile(dataFolder), `${address}\n`, { mode: 0o600 });
}

/** The address that was told, else the one of the last start, else that of a start without options. */
export async function lastAddress({
  publicUrl,
  dataFolder,
}: Pick<Options, "publicUrl" | "dataFolder">): Promise<string> {
  if (publicUrl !== null) return publicUrl;
  const kept = await readFile(addressFile(dataFolder), "utf8").catch(() => "");
  return kept.trim() || `http://localhost:${DEFAULT_PORT}`;
}
