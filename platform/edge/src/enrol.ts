/** Enrolment from the program's side: the key once, then the program's own key pair for ever. */
import { arch, hostname, release } from "node:os";
import { WIRE_VERSION } from "@yagura/wire/version.ts";
import { readEnrolmentKey, type EnrolAnswer, type EnrolRequest } from "@yagura/wire/envelope.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { raise } from "./errors.ts";
import { call, causeOf, createDispatcher, fetchAuthority, serverOrigin, type Answer } from "./http.ts";
import { identityToEnrol, type Identity } from "./identity.ts";
import { readRefusal } from "./refusal.ts";

export interface EnrolOptions {
  /** The state folder. */
  readonly folder: string;
  readonly server: string;
  readonly key: string;
  /** Kept to tell this key from others. */
  readonly mark: string;
  /** e.g. `agent`. */
  readonly program: string;
  readonly version: string;
  readonly insecureHttp?: boolean;
}

/**
 * Enrols and keeps the identity. Safe to repeat when the answer was lost: the same key pair gets the same device.
 * Throws ENROLMENT_KEY_MALFORMED, SERVER_ADDRESS_INVALID, PLAIN_HTTP_REFUSED, AUTHORITY_MISMATCH, SERVER_UNREACHABLE,
 * ENROLMENT_REFUSED.
 */
export async function enrolProgram(options: EnrolOptions): Promise<Identity> {
  const server = serverOrigin(options.server, options.insecureHttp ?? false);
  const key = readEnrolmentKey(options.key);
  if (key === null) throw raise("ENROLMENT_KEY_MALFORMED");
  const identity = identityToEnrol(options.folder);
  const authority =
    key.fingerprint === null || server.startsWith("http:")
      ? null
      : await reach(server, fetchAuthority(server, key.fingerprint));
  const message: EnrolRequest = {
    wire: WIRE_VERSION,
    key: key.secret,
    publicKey: identity.publicKey,
    program: options.program,
    version: options.version,
    hostname: hostname().slice(0, 253),
    platform: `${process.platform} ${arch()} ${release()}`.slice(0, 120),
  };
  const dispatcher = createDispatcher(authority);
  try {
    const answer = await reach(
      server,
      call(dispatcher, server, {
        method: "POST",
        path: "/edge/v1/enrol",
        // A refusal is read by the person at this machine.
        headers: { "content-type": "application/json", "accept-language": machineLanguage(process.env) },
        body: Buffer.from(JSON.stringify(message)),
      }),
    );
    const { device, organisation } = readAnswer(answer);
    return identity.enrolled({ device, organisation, server, authority, key: options.mark });
  } finally {
    await dispatcher.close();
  }
}

function readAnswer(answer: Answer): EnrolAnswer {
  if (answer.status !== 200) throw raise("ENROLMENT_REFUSED", { reason: readRefusal(answer, Date.now()).detail });
  return JSON.parse(answer.text) as EnrolAnswer;
}

async function reach<T>(server: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === "AUTHORITY_MISMATCH") throw error;
    throw raise("SERVER_UNREACHABLE", { server, cause: causeOf(error) }, { cause: error });
  }
}
