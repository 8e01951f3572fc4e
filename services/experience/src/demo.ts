/**
 * The first start: the provider's own organisation gets one agent on this machine and sessions that work without internet.
 * They send to loopback and, where that is allowed, to the default gateway and the resolver of this machine; what cannot be
 * measured here is left out and said why.
 */
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import type { Language } from "@yagura/core/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { createContract } from "@yagura/commerce/contracts/contracts.ts";
import { organisationFacts } from "@yagura/commerce/organisations.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Actor, Platform } from "@yagura/server/route.ts";
import type { FirstStart } from "@yagura/service/service.ts";
import type { Tx } from "@yagura/store/store.ts";
import { createAgent } from "./agents.ts";
import { offer } from "./charges.ts";
import { contractHooks } from "./contracts.ts";
import { inviteToInstall } from "./invitations.ts";
import { createSession } from "./sessions.ts";
import { createTarget } from "./targets.ts";
import { createTenant } from "./tenants.ts";
import type { Probe } from "./wire/configuration.ts";
import type { Work } from "./work.ts";

const words = {
  ja: {
    tenant: "このコンピューター",
    agent: "このパソコン",
    holder: "管理者",
    gateway: "デフォルトゲートウェイ",
    server: "Yagura",
  },
  en: {
    tenant: "This machine",
    agent: "this machine",
    holder: "Administrator",
    gateway: "Default gateway",
    server: "Yagura",
  },
} as const;

export interface DemoTarget {
  readonly name: string;
  readonly probe: Probe;
}

/** What this machine says of itself. */
export interface MachineFacts {
  /** Port of the control plane on loopback. */
  readonly port: number;
  /** IPv4 address of the default gateway. */
  readonly gateway: string | null;
  /** Addresses of the resolvers, in order. */
  readonly resolvers: readonly string[];
  readonly loopback6: boolean;
}

const actor: Actor = { kind: "system", name: "first-start" };

/** Makes tenant, contract, agent, targets and sessions, and returns the key by which the agent of this machine enrols. */
export async function demo(
  tx: Tx,
  organisation: OrganisationId,
  devices: Devices,
  platform: Platform,
  here: FirstStart,
): Promise<{ readonly program: string; readonly key: string }> {
  const now = new Date(platform.clock.now());
  const work: Work = {
    tx,
    organisation,
    now,
    devices,
    platform,
    actor: null,
    audit: (entry) => platform.audit(tx, actor, organisation, entry),
  };
  const language = (await organisationFacts(tx, organisation))?.language ?? "ja";
  const { targets, skipped } = demoTargets(await readMachine(here), language);
  const contract = await createContract(
    { tx, now, actor, hooks: { experience: contractHooks }, offers: [offer], devices, platform },
    { organisation, service: "experience", charged: false },
  );
  const tenantId = await createTenant(work, { name: words[language].tenant });
  const agentId = await createAgent(work, {
    tenantId,
    contractNumber: contract.number,
    label: words[language].agent,
    holder: { name: words[language].holder },
  });
  for (const target of targets) await measure(work, tenantId, agentId, target);
  for (const reason of skipped) platform.log.info({ reason }, "a session of the first start was left out");
  await work.audit({ action: "demo.create", subject: agentId, details: { sessions: targets.length, skipped } });
  const { key } = await inviteToInstall(work, agentId, {});
  return { program: "agent", key };
}

async function measure(work: Work, tenantId: Uuid, agentId: Uuid, target: DemoTarget): Promise<void> {
  const targetId = await createTarget(work, { tenantId, ...target });
  await createSession(work, { agentId, targetId });
}

/** Pure: which targets there are, and why others are not. */
export function demoTargets(
  machine: MachineFacts,
  language: Language,
): { readonly targets: readonly DemoTarget[]; readonly skipped: readonly string[] } {
  const { gateway: gatewayName, server } = words[language];
  const origin = `http://127.0.0.1:${machine.port}`;
  const targets: DemoTarget[] = [
    { name: `${server} (TCP)`, probe: { kind: "tcp", host: "127.0.0.1", port: machine.port } },
    { name: `${server} (HTTP)`, probe: { kind: "http", url: `${origin}/healthz` } },
    { name: `${server} (HTTP /readyz)`, probe: { kind: "http", url: `${origin}/readyz` } },
    { name: "127.0.0.1 (ICMP)", probe: { kind: "icmp", host: "127.0.0.1" } },
    { name: "127.0.0.1 (ICMP, 1400)", probe: { kind: "icmp", host: "127.0.0.1", size: 1400 } },
  ];
  const skipped: string[] = [];
  if (machine.loopback6) targets.push({ name: "::1 (ICMPv6)", probe: { kind: "icmp", host: "::1" } });
  else skipped.push("ICMPv6: this machine has no IPv6 loopback");
  if (machine.gateway === null) skipped.push("default gateway: this machine has no IPv4 default route");
  else targets.push({ name: `${gatewayName} (ICMP)`, probe: { kind: "icmp", host: machine.gateway } });
  const [resolver] = machine.resolvers;
  if (resolver === undefined) skipped.push("DNS: there is no resolver to ask");
  else targets.push({ name: "DNS", probe: { kind: "dns", server: resolver, name: "localhost", record: "A" } });
  return { targets, skipped };
}

const isLoopback = (address: string): boolean => address === "::1" || address.startsWith("127.");

async function readMachine({ port, reach }: FirstStart): Promise<MachineFacts> {
  const text = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
  const resolvers = readResolvers(await text("/etc/resolv.conf"));
  return {
    port,
    gateway: reach === "machine" ? readGateway(await text("/proc/net/route")) : null,
    resolvers: reach === "machine" ? resolvers : resolvers.filter(isLoopback),
    loopback6: Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1")),
  };
}

/** The gateway of the default route with the lowest metric in the text of /proc/net/route (addresses in host byte order, little-endian). */
export function readGateway(text: string): string | null {
  const routes = text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, destination, gateway, flags, , , , mask]) =>
        destination === "00000000" &&
        mask === "00000000" &&
        /^[0-9A-F]{8}$/i.test(gateway ?? "") &&
        // RTF_UP and RTF_GATEWAY
        (Number.parseInt(flags ?? "0", 16) & 3) === 3,
    )
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  const hex = routes[0]?.[2];
  if (hex === undefined) return null;
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

/** Addresses of `nameserver` lines (resolv.conf(5)), without zones. */
export const readResolvers = (text: string): string[] =>
  [...text.matchAll(/^\s*nameserver\s+([0-9a-fA-F.:]+)/gm)].map(([, address]) => address as string);
