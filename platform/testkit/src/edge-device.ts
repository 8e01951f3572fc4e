/** One enrolled device as a test drives it by hand: every byte and header of a request can be changed before it is sent. */
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import { newId } from "@yagura/core/ids.ts";
import { enrolProgram } from "@yagura/edge/enrol.ts";
import { call, signedHeaders, type Answer } from "@yagura/edge/http.ts";
import type { Identity } from "@yagura/edge/identity.ts";
import { WIRE_VERSION } from "@yagura/wire/version.ts";
import type { EdgeLab } from "./edge-lab.ts";

export interface TestDevice {
  readonly id: string;
  readonly organisation: string;
  readonly identity: Identity;
  /** A batch of values in its envelope, as JSON text. */
  batch(sequence: number, values: readonly number[], change?: Readonly<Record<string, unknown>>): string;
  /** A signed request for a body that is already encoded. `now`: milliseconds, for `created`. */
  sign(body: Buffer, options?: { encoding?: string | null; state?: string; now?: number }): SignedRequest;
  send(request: SignedRequest, dispatcher?: Dispatcher): Promise<Answer>;
  /** Batch, zstd, sign, send. */
  submit(sequence: number, values: readonly number[]): Promise<Answer>;
}
export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const shared = new Agent({ connections: 32 });

/** Enrols through the door with a key pair of its own. */
export async function enrolTestDevice(lab: EdgeLab, folder: string, organisation = newId()): Promise<TestDevice> {
  const state = join(folder, newId());
  mkdirSync(state, { recursive: true });
  const key = await lab.key(organisation);
  const identity = await enrolProgram({
    folder: state,
    server: lab.url,
    key,
    mark: "",
    program: "agent",
    version: "0",
  });
  return testDevice(lab, identity, organisation);
}

/** The same for an identity that is enrolled already. */
export function testDevice(lab: { readonly url: string }, identity: Identity, organisation: string): TestDevice {
  const device: TestDevice = {
    id: identity.device as string,
    organisation,
    identity,
    batch: (sequence, values, change = {}) =>
      JSON.stringify({
        wire: WIRE_VERSION,
        epoch: "0123456789abcdef",
        sequence,
        kind: "lab.values",
        sentAt: Date.now() * 1000,
        clock: null,
        dropped: 0,
        body: { values },
        ...change,
      }),
    sign(body, { encoding = "zstd", state = "oldest=1", now = Date.now() } = {}) {
      const headers = {
        "content-type": "application/json",
        "yagura-state": state,
        ...(encoding === null ? {} : { "content-encoding": encoding }),
      };
      return {
        headers: signedHeaders(identity, { method: "POST", path: "/edge/v1/batches", headers, body }, now),
        body,
      };
    },
    send: ({ headers, body }, dispatcher = shared) =>
      call(dispatcher, lab.url, { method: "POST", path: "/edge/v1/batches", headers, body }),
    submit: (sequence, values) => device.send(device.sign(zstdCompressSync(device.batch(sequence, values)))),
  };
  return device;
}

/** An identity that is on no disk, for tests with a thousand of them. */
export function memoryIdentity(device: string, organisation: string, server: string): Identity {
  const { privateKey } = generateKeyPairSync("ed25519");
  const identity: Identity = {
    publicKey: privateKey.export({ format: "jwk" }).x as string,
    device,
    organisation,
    server,
    authority: null,
    key: null,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64"),
    enrolled: () => identity,
    at: () => identity,
  };
  return identity;
}

/** What the door answered, as far as tests ask: status and code. */
export function told(answer: Answer): { status: number; code: string | null; duplicate: boolean | null } {
  const body = JSON.parse(answer.text) as { code?: string; duplicate?: boolean };
  return { status: answer.status, code: body.code ?? null, duplicate: body.duplicate ?? null };
}
