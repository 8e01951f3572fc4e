import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockFolder } from "@yagura/store/lock.ts";
import { startYagura, type Running } from "../../bench/src/running.ts";
import { bootstrap } from "./client.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-flow-commands-"));
const data = join(folder, "data");
const absent = join(folder, "absent");
const file = join(folder, "file");
let running: Running;
let taken: ReturnType<typeof createServer>;

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly complaint: string;
}

/** Runs `npx yagura …` to its end and gives what a terminal would show. */
async function say(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  const child = spawn(process.execPath, [bootstrap, "yagura", ...argv], {
    env: { ...process.env, LC_ALL: "", LC_MESSAGES: "", LANG: "C.UTF-8", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const status = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, out, complaint };
}

beforeAll(async () => {
  writeFileSync(file, "not a backup\n");
  taken = createServer();
  await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
  running = await startYagura(data, ["--local-agent", "off"]);
}, 180_000);

afterAll(async () => {
  taken.close();
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Wrong {
  readonly command: string;
  readonly code: string;
  /** 2: the command was not right; 1: it failed. */
  readonly status: 1 | 2;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `DATA` is the folder of a running control plane, `ABSENT` holds nothing, `FILE` is a plain file, `TAKEN` a port in use. */
const wrong: readonly Wrong[] = [
  { command: "nonsense", code: "COMMAND_UNKNOWN", status: 2 },
  { command: "token", code: "COMMAND_INCOMPLETE", status: 2 },
  { command: "audit DATA", code: "COMMAND_INCOMPLETE", status: 2 },
  { command: "token create --data DATA", code: "ADMINISTRATION_ARGUMENT", status: 2 },
  { command: "token create --role", code: "COMMAND_USAGE", status: 2 },
  { command: "token create --role provider-admin more", code: "COMMAND_USAGE", status: 2 },
  { command: "token create --role king --data DATA", code: "OPTION_INVALID", status: 2 },
  { command: "token create --role provider-admin --days x --data DATA", code: "OPTION_INVALID", status: 2 },
  { command: "token create --role provider-admin --days 400 --data DATA", code: "OPTION_INVALID", status: 2 },
  { command: "token create --role owner --data DATA", code: "TOKEN_ORGANISATION_NEEDED", status: 2 },
  {
    command: "token create --role provider-admin --organisation x --data DATA",
    code: "TOKEN_ORGANISATION_REFUSED",
    status: 2,
  },
  { command: "token create --role owner --organisation x --data DATA", code: "TOKEN_ORGANISATION_UNKNOWN", status: 2 },
  {
    command: "token create --role owner --organisation 00000000-0000-7000-8000-000000000000 --data DATA",
    code: "TOKEN_ORGANISATION_UNKNOWN",
    status: 2,
  },
  { command: "token create --role provider-admin --data ABSENT", code: "DATA_FOLDER_EMPTY", status: 2 },
  { command: "token create --role provider-admin --data FILE", code: "DATA_FOLDER_EMPTY", status: 2 },
  { command: "link --mail nobody@example.jp --data DATA", code: "STAFF_UNKNOWN", status: 2 },
  { command: "link --data ABSENT", code: "DATA_FOLDER_EMPTY", status: 2 },
  { command: "audit verify --data ABSENT", code: "DATA_FOLDER_EMPTY", status: 2 },
  { command: "backup --data DATA", code: "COMMAND_USAGE", status: 2 },
  { command: "backup FILE --data DATA", code: "BACKUP_FILE_EXISTS", status: 2 },
  { command: "backup ABSENT/backup --data DATA", code: "BACKUP_FILE_UNWRITABLE", status: 2 },
  { command: "restore FILE --data ABSENT", code: "BACKUP_FILE_INVALID", status: 2 },
  { command: "restore ABSENT --data ABSENT", code: "BACKUP_FILE_INVALID", status: 2 },
  { command: "start --nonsense", code: "OPTION_UNKNOWN", status: 2 },
  { command: "start --port abc", code: "OPTION_INVALID", status: 2 },
  { command: "start --local-agent maybe", code: "OPTION_INVALID", status: 2 },
  { command: "start --log-level loud", code: "OPTION_INVALID", status: 2 },
  { command: "start --public-url yagura:8480", code: "OPTION_INVALID", status: 2 },
  { command: "start --tls-cert FILE", code: "TLS_FILES_BOTH", status: 2 },
  {
    command: "start --tls-cert ABSENT --tls-key ABSENT --port 0 --local-agent off --data FOLDER/tls",
    code: "TLS_FILE_UNREADABLE",
    status: 2,
  },
  { command: "start", code: "OPTION_INVALID", status: 2, environment: { YAGURA_PORT: "many" } },
  { command: "start", code: "OPTION_INVALID", status: 2, environment: { DATABASE_URL: "localhost" } },
  { command: "start", code: "OPTION_INVALID", status: 2, environment: { YAGURA_SMTP_URL: "mail.example.jp" } },
  { command: "start --data DATA --port 0", code: "DATA_FOLDER_IN_USE", status: 1 },
  { command: "start --data FILE --port 0", code: "DATA_FOLDER_NOT_WRITABLE", status: 1 },
  { command: "start --data FOLDER/port --local-agent off --port TAKEN", code: "PORT_IN_USE", status: 1 },
  { command: "agent", code: "STATE_FOLDER_NEEDED", status: 2 },
  { command: "agent --nonsense", code: "PROGRAM_USAGE", status: 2 },
  { command: "agent status --state ABSENT", code: "NEVER_RAN", status: 1 },
  { command: "agent --state FOLDER/state-a", code: "NOT_ENROLLED", status: 2 },
  {
    command: "agent --state FOLDER/state-b --server ftp://localhost --key yk1.a.b",
    code: "SERVER_ADDRESS_INVALID",
    status: 2,
  },
  {
    command: "agent --state FOLDER/state-c --server http://192.0.2.1 --key yk1.a.b",
    code: "PLAIN_HTTP_REFUSED",
    status: 2,
  },
  {
    command: "agent --state FOLDER/state-d --server https://localhost --key wrong",
    code: "ENROLMENT_KEY_MALFORMED",
    status: 2,
  },
  { command: "agent --state FILE --server https://localhost --key wrong", code: "STATE_FOLDER_UNUSABLE", status: 1 },
];

describe("what the command line says when something is wrong", () => {
  test.concurrent.each(wrong)(
    "$command: $code, status $status",
    async ({ command, code, status, environment }) => {
      const { port } = taken.address() as { port: number };
      const words = command
        .replaceAll("FOLDER", folder)
        .replaceAll("DATA", data)
        .replaceAll("ABSENT", absent)
        .replaceAll("FILE", file)
        .replaceAll("TAKEN", String(port));
      const said = await say(words.split(" "), environment);
      expect(said.complaint).toContain(`${code}: `);
      expect(said.complaint, "one line, no trace").not.toMatch(/\n\s+at |node:internal|"level":/);
      expect(said.status).toBe(status);
      expect(existsSync(absent), "nothing is made where nothing was").toBe(false);
    },
    60_000,
  );

  test("in Japanese where the machine's locale is Japanese", async () => {
    const environment = { LANG: "ja_JP.UTF-8" };
    expect((await say(["token"], environment)).complaint).toMatch(/^COMMAND_INCOMPLETE: .*ください|コマンド/);
    expect((await say(["start", "--port", "x"], environment)).complaint).toMatch(/使用できません/);
    expect((await say(["link", "--data", absent], environment)).complaint).toMatch(/データがないため/);
    expect((await say(["agent"], environment)).complaint).toMatch(/フォルダーが必要です/);
    expect((await say(["help"], environment)).out).toMatch(/バージョンを表示します/);
  }, 60_000);

  test("no address that may hold a password is repeated", async () => {
    const { complaint } = await say(["start"], { YAGURA_SMTP_URL: "user:secret-word@mail.example.jp" });
    expect(complaint).not.toContain("secret-word");
  }, 60_000);
});

describe("what the command line does when all is right", () => {
  test("help names every command with its usage, the services' too", async () => {
    const { status, out } = await say(["help"]);
    expect(status).toBe(0);
    for (const command of ["start", "agent --server", "token create --role", "link", "audit verify", "backup FILE"])
      expect(out).toContain(`npx yagura ${command}`);
    expect(out).toContain("npx yagura experience contract-number check NUMBER");
    expect((await say([])).status).toBe(2);
    expect((await say(["version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  }, 60_000);

  test.each(["provider-admin", "provider-operator", "provider-support", "provider-billing"])(
    "a token of %s",
    async (role) => {
      const { status, out } = await say(["token", "create", "--role", role, "--days", "1", "--data", data]);
      expect(status).toBe(0);
      expect(out).toMatch(/^yt1_\S+\n$/);
    },
    60_000,
  );
});

test("a command that finds the folder held by a Yagura that does not answer yet says: in a few seconds", async () => {
  const held = join(folder, "held");
  mkdirSync(join(held, "postgres"), { recursive: true });
  const lock = lockFolder(held);
  try {
    const said = await say(["link", "--data", held]);
    expect(said.complaint).toMatch(/^CONTROL_PLANE_BUSY: /m);
    expect(said.status).toBe(1);
  } finally {
    lock.release();
  }
}, 60_000);
