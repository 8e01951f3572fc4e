/**
 * Administrative commands: for whoever owns the data folder. A running control plane answers them over a unix socket that only
 * its own user may open; when none runs, this program carries out one command and ends.
 */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { YaguraError } from "@yagura/core/errors.ts";
import { verifyAudit, type AuditVerdict } from "@yagura/server/audit.ts";
import type { ServerPlatform } from "@yagura/server/platform.ts";
import { TOKEN_DAYS } from "@yagura/server/api-tokens.ts";
import { createToken, newSignInLink, type CliToken } from "@yagura/server/setup.ts";
import { customerRoles, isProviderRole, providerRoles, type Scopes } from "@yagura/server/scopes.ts";
import { backup } from "@yagura/store/backup/backup.ts";
import type { Stores } from "@yagura/store/open.ts";
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { loadFeeds } from "@yagura/ot/feeds/load.ts";
import { openSocketPlace } from "./administration-socket.ts";
import { raise } from "./errors.ts";
import { exportPrices, loadPrices } from "./price-commands.ts";
import { unexpected } from "./start-error.ts";

export interface AdministrationParts {
  readonly platform: ServerPlatform;
  readonly stores: Stores;
  readonly scopes: Scopes;
  readonly offers: readonly Offer[];
}
/** What a restored copy needs beside the two stores: keys, certificates, checkpoints, the identity of this machine's agent. */
const KEPT_FILES = ["seal.key", "authority", "audit-checkpoints.jsonl", "agent/identity.json"];

type Input = Readonly<Record<string, string | undefined>>;
type Answer = Readonly<Record<string, unknown>>;

const need = (input: Input, command: string, name: string): string => {
  const value = input[name];
  if (value === undefined || value === "") throw raise("ADMINISTRATION_ARGUMENT", { command, need: `--${name}` });
  return value;
};

const commands: Readonly<Record<string, (parts: AdministrationParts, input: Input) => Promise<Answer>>> = {
  "token.create": async ({ platform, scopes }, input) => ({
    token: await createToken(platform, scopes, readTokenRequest(input)).catch((error: unknown) => {
      const { organisation = "" } = input;
      if (error instanceof YaguraError && error.code === "NOT_FOUND")
        throw raise("TOKEN_ORGANISATION_UNKNOWN", { organisation }, { cause: error });
      throw error;
    }),
  }),
  "link.create": async ({ platform }, input) => ({ url: await newSignInLink(platform, input["mail"]) }),
  "audit.verify": async ({ platform }) => {
    const verdict = await verifyAudit(platform.store, platform.dataFolder);
    return { ok: verdict.ok, text: sentence(verdict) };
  },
  "prices.load": (parts, input) => loadPrices(parts, { ...input, file: need(input, "prices load", "file") }),
  "prices.export": exportPrices,
  // One path a line: a name may hold anything else.
  "ot.feeds.load": async ({ platform }, input) => ({
    ...(await loadFeeds(platform, need(input, "ot feeds load", "file").split("\n"))),
  }),
  backup: async ({ stores }, input) => {
    const { file, bytes, records } = await writeBackup(stores, need(input, "backup", "file"));
    return {
      text: `written ${file}: ${records} records, ${(bytes / 1e6).toFixed(1)} MB. It holds secrets: keep it as safe as the data folder.`,
    };
  },
};

/** What was asked for, in bounds. Throws what the person at the terminal can put right. */
function readTokenRequest(input: Input): CliToken {
  const asked = need(input, "token create", "role");
  const roles = [...providerRoles, ...customerRoles];
  const role = roles.find((one) => one === asked);
  if (role === undefined) throw raise("OPTION_INVALID", { option: "--role", value: asked, allowed: roles.join(", ") });
  const { organisation, name, days } = input;
  if (isProviderRole(role) && organisation !== undefined) throw raise("TOKEN_ORGANISATION_REFUSED", { role });
  if (!isProviderRole(role) && organisation === undefined) throw raise("TOKEN_ORGANISATION_NEEDED", { role });
  if (organisation !== undefined && !UUID.test(organisation))
    throw raise("TOKEN_ORGANISATION_UNKNOWN", { organisation });
  if (days !== undefined && !(/^\d+$/.test(days) && Number(days) >= 1 && Number(days) <= TOKEN_DAYS))
    throw raise("OPTION_INVALID", { option: "--days", value: days, allowed: `1–${TOKEN_DAYS}` });
  return {
    role,
    ...(organisation === undefined ? {} : { organisation }),
    ...(name === undefined ? {} : { name }),
    ...(days === undefined ? {} : { days: Number(days) }),
  };
}
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Errors of the file system that the person who named the file can put right. */
const FILE_ERRORS = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ENAMETOOLONG"]);

async function writeBackup(stores: Stores, file: string): ReturnType<typeof backup> {
  return backup(stores, file, { files: KEPT_FILES }).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!FILE_ERRORS.has(code)) throw error;
    throw raise("BACKUP_FILE_UNWRITABLE", { file, reason: (error as Error).message }, { cause: error });
  });
}

function sentence(verdict: AuditVerdict): string {
  if (verdict.ok)
    return `The audit log is whole: ${verdict.entries} entries, ${verdict.checkpoints} checkpoints, newest hash ${verdict.head}.`;
  const what = {
    changed: "was changed after it was written",
    missing: "is missing: a row was removed there",
    unchained: "does not follow from the row before it",
    cut: "is known to a checkpoint, and the log ends before it: its tail was cut off",
    rewritten: "is not the one that a checkpoint outside the database knows",
  }[verdict.reason];
  return `The audit log is NOT whole: entry ${verdict.sequence} ${what}. Keep a copy of the data folder as evidence and compare with a backup.`;
}

/** Carries out one command. Throws ADMINISTRATION_UNKNOWN. */
export async function administer(parts: AdministrationParts, command: string, input: Input): Promise<Answer> {
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run === undefined) throw raise("ADMINISTRATION_UNKNOWN", { command, known: Object.keys(commands).join(", ") });
  return run(parts, input);
}

/** The answer to an error, as the command line reads it. */
export function refusal(error: unknown): Answer {
  const known = error instanceof YaguraError ? error : unexpected(error);
  return { error: { code: known.code, status: known.status, en: known.say("en"), ja: known.say("ja") } };
}

/** Answers commands until closed. The socket's place is written into the data folder. */
export async function serveAdministration(parts: AdministrationParts): Promise<{ close(): Promise<void> }> {
  const place = await openSocketPlace(parts.platform.dataFolder);
  const server = createServer((request, response) => {
    void (async () => {
      let answer: Answer;
      try {
        const input = (await json(request)) as Input;
        answer = await administer(parts, (request.url ?? "/").slice(1), input);
      } catch (error) {
        answer = refusal(error);
      }
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    })();
  });
  // A backup of a large store takes longer than any request of the API.
  server.requestTimeout = 0;
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(place.socket, done);
  });
  await place.tell();
  return {
    close: async () => {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await place.close();
    },
  };
}
