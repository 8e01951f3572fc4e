/** Puts the rooms together: stores, platform, services, door, host, jobs. Everything opened here is closed by `stop`. */
import { readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { alertsRoom, type AlertsRoom } from "@yagura/alerts/room.ts";
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { commerceRoom, type CommerceRoom } from "@yagura/commerce/room.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { deviceRoutes, deviceScopes } from "@yagura/devices/routes.ts";
import { edgeDoor } from "@yagura/devices/door.ts";
import { installDownloads } from "@yagura/devices/downloads.ts";
import { eraseDevices, exportDevices } from "@yagura/devices/organisation-data.ts";
import { ensureAuthority, givenCertificate, type Authority } from "@yagura/devices/authority.ts";
import { experience } from "@yagura/experience/index.ts";
import { ot } from "@yagura/ot/index.ts";
import { remote } from "@yagura/remote/index.ts";
import { security } from "@yagura/security/index.ts";
import { createHost, listRoutes, type HostOptions } from "@yagura/server/host.ts";
import { prepareJobs, startJobs } from "@yagura/server/jobs.ts";
import { createPlatform, type ServerPlatform } from "@yagura/server/platform.ts";
import type { Service } from "@yagura/service/service.ts";
import { utm } from "@yagura/utm/index.ts";
import type { Log } from "@yagura/store/log.ts";
import { openStores, type Stores, type StoresOptions } from "@yagura/store/open.ts";
import { listenHosts, ownAddress } from "./addresses.ts";
import { listen } from "./listener.ts";
import type { Options } from "./options.ts";
import { rooms } from "./rooms.ts";
import { serviceJobs } from "./retention.ts";
import { startError } from "./start-error.ts";
import { raise } from "./errors.ts";

export const services: readonly Service[] = [experience, security, remote, ot, utm];

/** What is sold. */
export const offers: readonly Offer[] = services.flatMap(({ offer }) => (offer === undefined ? [] : [offer]));

export interface ControlPlane {
  readonly url: string;
  readonly port: number;
  readonly platform: ServerPlatform;
  readonly stores: Stores;
  readonly scopes: ReturnType<typeof listRoutes>["scopes"];
  readonly devices: ReturnType<typeof createDevices>;
  readonly offers: readonly Offer[];
  stop(): Promise<void>;
}

const portalFolder = new URL("../../portal/dist/", import.meta.url).pathname;

/** How the stores are opened, for serving, administering and restoring alike. */
export const storesOptions = (options: Options, log: Logger): StoresOptions => ({
  dataFolder: options.dataFolder,
  ...(options.databaseUrl === null ? {} : { databaseUrl: options.databaseUrl }),
  ...(options.clickhouseUrl === null ? {} : { clickhouseUrl: options.clickhouseUrl }),
  ...(options.clickhouseCluster === null ? {} : { clickhouseCluster: options.clickhouseCluster }),
  migrations: rooms(services),
  log: storeLog(log),
  prepare: [(connectionString) => prepareJobs(connectionString, log)],
});

/** Opens the stores and the platform without serving: for administrative commands. */
export async function openPlatform(
  options: Options,
  log: Logger,
  publicUrl: () => string,
): Promise<{ stores: Stores; platform: ServerPlatform }> {
  const stores = await openStores(storesOptions(options, log));
  try {
    const platform = await createPlatform({
      stores,
      dataFolder: options.dataFolder,
      publicUrl,
      smtpUrl: options.smtpUrl ?? undefined,
      log,
    });
    return { stores, platform };
  } catch (error) {
    await stores.stop();
    throw error;
  }
}

/** The store's log lines as the server's. */
const storeLog =
  (log: Logger): Log =>
  (level, message, details) =>
    log[level](details, message);

/** Throws what keeps it from serving as a YaguraError. */
export async function startControlPlane(options: Options, log: Logger): Promise<ControlPlane> {
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  };
  let url = options.publicUrl ?? "";
  try {
    const { stores, platform } = await openPlatform(options, log, () => url);
    closing.push(
      () => stores.stop(),
      () => platform.close(),
    );
    const authority = await certificates(options);
    const devices = createDevices({ clock: platform.clock, fingerprint: () => authority.fingerprint });
    const commerce = commerceOf(devices);
    await commerce.prepare(platform);
    const alerts = alertsRoom(
      services.flatMap(({ findings }) => (findings === undefined ? [] : [findings])),
      options.alertReach,
    );
    const hostOptions = hostParts(platform, devices, { commerce, alerts }, authority, options);
    const app = await createHost(hostOptions);
    // Before the listening, which may be refused: what the host started must end before its stores do.
    closing.push(() => app.close().then(() => undefined));
    const listener = await listen({
      http: app.server,
      hosts: listenHosts(options.host),
      port: options.port,
      tls: authority,
      plainHttp: options.plainHttp,
    }).catch((error: unknown) => {
      throw startError(error, options);
    });
    closing.push(() => listener.close());
    url ||= ownAddress(options, listener.port);
    const jobs = await startJobs(platform, [
      platform.jobTable,
      ...services.map((service) => service.jobs(devices)),
      ...commerce.jobs,
      ...alerts.jobs,
      serviceJobs(services, erasersOf({ commerce, alerts })),
    ]);
    closing.push(() => jobs.stop());
    return {
      url,
      port: listener.port,
      platform,
      stores,
      scopes: listRoutes(hostOptions).scopes,
      devices,
      offers,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const commerceOf = (devices: ReturnType<typeof createDevices>): CommerceRoom =>
  commerceRoom({
    hooks: Object.fromEntries(services.map((service) => [service.id, service.contracts])),
    offers,
    devices,
  });
interface Rooms {
  readonly commerce: CommerceRoom;
  readonly alerts: AlertsRoom;
}
const erasersOf = ({ commerce, alerts }: Rooms) => [
  ...services.map((service) => service.erase),
  alerts.eraser,
  ...commerce.erasers,
  eraseDevices,
];

function hostParts(
  platform: ServerPlatform,
  devices: ReturnType<typeof createDevices>,
  roomsOfPlatform: Rooms,
  authority: Authority,
  options: Options,
): HostOptions {
  const { commerce, alerts } = roomsOfPlatform;
  return {
    platform,
    trustProxy: options.trustProxy.length === 0 ? false : [...options.trustProxy],
    routes: [
      ...deviceRoutes(platform, devices),
      ...commerce.routes,
      ...alerts.routes,
      ...services.flatMap((service) => service.routes(devices)),
    ],
    scopes: [deviceScopes, commerce.scopes, alerts.scopes, ...services.map((service) => service.scopes)],
    exporters: [
      exportDevices,
      ...commerce.exporters,
      alerts.exporter,
      ...services.map((service) => service.exportRows),
    ],
    erasers: erasersOf(roomsOfPlatform),
    portalFolder,
    install: async (app) => {
      await edgeDoor(app, {
        platform,
        devices,
        kinds: services.flatMap((service) => service.ingest),
        enrolled: Object.fromEntries(
          services.flatMap((service) =>
            service.deviceEnrolled === undefined ? [] : [[service.id, service.deviceEnrolled]],
          ),
        ),
        registry: platform.registry,
      });
      await installDownloads(app, { platform, authority });
    },
  };
}

async function certificates(options: Options): Promise<Authority> {
  if (options.tlsCertificate !== null && options.tlsKey !== null) {
    return givenCertificate(
      await readTls("--tls-cert", options.tlsCertificate),
      await readTls("--tls-key", options.tlsKey),
    );
  }
  const everywhere = options.host === "0.0.0.0" || options.host === "::";
  const own = everywhere
    ? [hostname(), ...Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))]
    : [options.host];
  const names = [...own, ...(options.publicUrl === null ? [] : [new URL(options.publicUrl).hostname])];
  return ensureAuthority(join(options.dataFolder, "authority"), names);
}

const readTls = (option: string, file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: Error) => {
    throw raise("TLS_FILE_UNREADABLE", { option, file, reason: error.message }, { cause: error });
  });
