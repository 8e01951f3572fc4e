/** Who may import whom (docs/architecture.md), as one table and one pure function over parsed imports. */

/** In the order in which each room may import only those before it. */
const platformOrder = [
  "core",
  "wire",
  "packets",
  "edge",
  "store",
  "server",
  "devices",
  "reports",
  "commerce",
  "alerts",
  "desk",
  "service",
  "portal",
  "testkit",
] as const;

/**
 * Third-party packages that a room may import, beside Node's own modules; a room that is not named, none. An allowance that
 * nobody uses fails a test.
 */
export const thirdParty: Readonly<Record<string, readonly string[]>> = {
  "platform/core": ["temporal-polyfill"],
  "platform/wire": ["structured-headers", "typebox"],
  "platform/edge": ["rolldown"],
  "platform/store": ["pg", "kysely", "chdb", "koffi", "@clickhouse/client"],
  "platform/server": [
    "fastify",
    "@fastify/compress",
    "@fastify/cookie",
    "@fastify/helmet",
    "@fastify/rate-limit",
    "@fastify/static",
    "@simplewebauthn/server",
    "ajv",
    "ajv-formats",
    "graphile-worker",
    "kysely",
    "nodemailer",
    "otpauth",
    "pino",
    "prom-client",
    "qrcode",
    "typebox",
  ],
  "platform/devices": [
    "fastify",
    "@peculiar/x509",
    "ajv",
    "ajv-formats",
    "kysely",
    "prom-client",
    "reflect-metadata",
    "typebox",
  ],
  "platform/reports": ["pdfmake", "fontkit", "pdfkit", "@expo-google-fonts/noto-sans-jp", "typebox"],
  "platform/commerce": ["@holiday-jp/holiday_jp", "csv-parse", "csv-stringify", "kysely", "typebox", "yaml"],
  "platform/alerts": ["ipaddr.js", "kysely", "typebox"],
  "platform/portal": [
    "react",
    "react-dom",
    "@tanstack/react-query",
    "@tanstack/react-router",
    "@tanstack/react-virtual",
    "@simplewebauthn/browser",
    "typebox",
  ],
  "services/*/edge": ["koffi", "net-snmp"],
  "services/*/portal": ["react", "@tanstack/react-query", "typebox"],
  "services/*/analysis": [],
  "services/*/wire": ["typebox"],
  "services/*": ["kysely", "typebox"],
  "programs/portal": ["vite", "@vitejs/plugin-react"],
  "programs/control-plane": ["kysely", "pino"],
};

/** Rooms that may not touch Node: no clock, no I/O, no `node:*`. */
const pure =
  /^(platform\/(core|wire)\/src\/|platform\/packets\/src\/(?!node\/)|platform\/commerce\/src\/charging\/|platform\/[^/]+\/src\/([^/]+\/)?shapes\.ts$|services\/[^/]+\/src\/((wire|analysis|offer|protocols|decode)\/|charges\.ts$))/;
/** The shapes of a platform room, or of one of its folders: what the portal may see of it. */
const isShapes = (path: string): boolean => /^platform\/[^/]+\/src\/([^/]+\/)?shapes\.ts$/.test(path);
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

export interface Import {
  /** Repository path of the importing file. */
  readonly from: string;
  /** Repository path when it is ours, else the bare specifier as written. */
  readonly to: string;
  readonly ours: boolean;
}

/** Why the import is not allowed, or null. Type-only imports count the same. */
export function judge({ from, to, ours }: Import): string | null {
  if (
    !from.includes("/") ||
    isTest(from) ||
    from.startsWith("tests/") ||
    from.startsWith("scripts/") ||
    from.startsWith("bench/")
  ) {
    return null;
  }
  return ours ? judgeOurs(from, to) : judgeForeign(from, to);
}

function judgeOurs(from: string, to: string): string | null {
  if (isTest(to)) return "nothing imports a test file";
  if (to.startsWith("tests/") || to.startsWith("bench/") || to.startsWith("scripts/"))
    return "products never import tests, benches or scripts";
  const [fromKind = "", fromRoom = ""] = from.split("/");
  const [toKind = "", toRoom = ""] = to.split("/");
  if (toKind === "programs") {
    return fromKind === "programs" && fromRoom === toRoom ? null : "nothing imports programs";
  }
  if (to.startsWith("platform/testkit/") && !from.startsWith("platform/testkit/")) return "testkit is for tests only";
  if (pure.test(from) && !pure.test(to)) return "a pure place imports only pure places";
  if (fromKind === "platform") return judgePlatform(fromRoom, toKind, toRoom, to);
  if (fromKind === "services") return judgeService(from, to);
  return null;
}

function judgePlatform(fromRoom: string, toKind: string, toRoom: string, to: string): string | null {
  if (toKind === "services") return "platform knows no service";
  if (fromRoom === toRoom) return null;
  const order: readonly string[] = platformOrder;
  if (order.indexOf(toRoom) === -1) return `platform/${toRoom} is not in the list`;
  if (order.indexOf(toRoom) > order.indexOf(fromRoom)) return `platform/${fromRoom} stands before platform/${toRoom}`;
  if (fromRoom === "portal" && !["core", "wire"].includes(toRoom) && !isShapes(to)) {
    return "the portal sees only core, wire and the shapes of other rooms";
  }
  return null;
}

function judgeService(from: string, to: string): string | null {
  const [, service = "", , station = ""] = from.split("/");
  const [toKind = "", toRoom = "", , toStation = ""] = to.split("/");
  if (toKind === "services" && toRoom !== service) return "a service never imports another";
  const inside = toKind === "services";
  if (station === "edge") {
    const allowed = inside
      ? ["edge", "wire", "protocols", "decode"].includes(toStation)
      : ["core", "wire", "packets", "edge"].includes(toRoom);
    return allowed ? null : "edge/ sees wire, protocols, decode and platform/{core,wire,packets,edge}";
  }
  if (station === "portal") {
    const allowed = inside
      ? ["portal", "wire", "analysis"].includes(toStation)
      : ["core", "wire", "portal"].includes(toRoom) || isShapes(to);
    return allowed ? null : "portal/ sees wire, analysis, and platform/{core,wire,portal} and shapes; never the store";
  }
  if (inside && toStation === "portal") return "only the portal imports portal/";
  if (inside && toStation === "edge") return "only edge programs import edge/";
  return null;
}

function judgeForeign(from: string, to: string): string | null {
  if (to.startsWith("node:"))
    return pure.test(from) ? "a pure place has no Node modules" : isWeb(from) ? "the portal has no Node modules" : null;
  const name = to.startsWith("@") ? to.split("/").slice(0, 2).join("/") : (to.split("/")[0] as string);
  const [kind = "", room = "", , station = ""] = from.split("/");
  if (kind === "platform" && room === "testkit") return null;
  const keys =
    kind === "services" ? [`services/*/${station.replace(/\.tsx?$/, "")}`, "services/*"] : [`${kind}/${room}`];
  const list = keys.map((key) => thirdParty[key]).find((found) => found !== undefined);
  return list?.includes(name) === true
    ? null
    : `${name} is not on the list of ${keys[0]} (tests/architecture/rules.ts)`;
}

const isWeb = (from: string): boolean =>
  from.startsWith("platform/portal/") ||
  from.startsWith("programs/portal/src/") ||
  /^services\/[^/]+\/src\/portal\//.test(from);
