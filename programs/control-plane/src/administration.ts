/**
 * Administrative commands: for whoever owns the data folder. A running control plane answers them over a unix socket that only
 * its own user may open; when none runs, this program carries out one command and ends.
 */
import { createHash } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { YaguraError } from "@yagura/core/errors.ts";
import { verifyAudit, type AuditVerdict } from "@yagura/server/audit.ts";
import type { ServerPlatform } from "@yagura/server/platform.ts";
import { createToken, newSignInLink } from "@yagura/server/setup.ts";
import type { Role } from "@yagura/server/shapes.ts";
import type { Scopes } from "@yagura/server/scopes.ts";
import { backup } from "@yagura/store/backup/backup.ts";
import type { Stores } from "@yagura/store/open.ts";
import { raise } from "./errors.ts";

export interface AdministrationParts {
  readonly platform: ServerPlatform;
  readonly stores: Stores;
  readonly scopes: Scopes;
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
    token: await createToken(platform, scopes, {
      role: need(input, "token create", "role") as Role,
      ...(input["organisation"] === undefined ? {} : { organisation: input["organisation"] }),
      ...(input["name"] === undefined ? {} : { name: input["name"] }),
      ...(input["days"] === undefined ? {} : { days: Number(input["days"]) }),
    }),
  }),
  "link.create": async ({ platform }, input) => ({ url: await newSignInLink(platform, input["mail"]) }),
  "audit.verify": async ({ platform }) => {
    const verdict = await verifyAudit(platform.store, platform.dataFolder);
    return { ok: verdict.ok, text: sentence(verdict) };
  },
  backup: async ({ stores }, input) => {
    const { file, bytes, records } = await backup(stores, need(input, "backup", "file"), { files: KEPT_FILES });
    return {
      text: `written ${file}: ${records} records, ${(bytes / 1e6).toFixed(1)} MB. It holds secrets: keep it as safe as the data folder.`,
    };
  },
};

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
  const run = commands[command];
  if (run === undefined) throw raise("ADMINISTRATION_UNKNOWN", { command, known: Object.keys(commands).join(", ") });
  return run(parts, input);
}

/** The answer to an error, as the command line reads it. */
export function refusal(error: unknown): Answer {
  if (error instanceof YaguraError) {
    return { error: { code: error.code, status: error.status, en: error.say("en"), ja: error.say("ja") } };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { error: { code: "INTERNAL", status: 500, en: detail, ja: detail } };
}

/** Unix socket paths end at 107 bytes (unix(7)); a deep data folder gets a short path elsewhere. */
const SOCKET_PATH_LIMIT = 100;

/** Answers commands until closed. The socket's place is written into the data folder. */
export async function serveAdministration(parts: AdministrationParts): Promise<{ close(): Promise<void> }> {
  const folder = join(parts.platform.dataFolder, "run");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const socket = await socketPath(folder);
  await rm(socket, { force: true });
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
    server.listen(socket, done);
  });
  await chmod(socket, 0o600);
  const note = join(folder, "administration.json");
  await writeFile(`${note}.new`, JSON.stringify({ socket, pid: process.pid }), { mode: 0o600 });
  await rename(`${note}.new`, note);
  return {
    close: async () => {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await rm(note, { force: true });
    },
  };
}

async function socketPath(folder: string): Promise<string> {
  const here = join(folder, "administration.sock");
  if (Buffer.byteLength(here) <= SOCKET_PATH_LIMIT) return here;
  const short = join(tmpdir(), `yagura-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
  await mkdir(short, { recursive: true, mode: 0o700 });
  return join(short, "administration.sock");
}
