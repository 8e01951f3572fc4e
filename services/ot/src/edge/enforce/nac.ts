/** Asks a NAC by RADIUS dynamic authorization: sends, sends again, and waits for an answer that is proven. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { writeMac } from "../../wire/addresses.ts";
import type { Nac, NacAct } from "./file.ts";
import { attributesOf, codes, readAnswer, SESSION_UNKNOWN, writeRequest } from "./radius.ts";
import { Trouble } from "./trouble.ts";

const TRIES = 3;
const WAIT_MS = 2_000;

/** Resolves when the NAC says that it was done. Throws Trouble (`not-found`: it has no session of the device). */
export async function askNac(nac: Nac, act: NacAct, mac: number, now: () => number = Date.now): Promise<void> {
  const code = act.kind === "disconnect" ? codes.disconnectRequest : codes.coaRequest;
  const request = writeRequest(code, randomInt(256), attributesOf(nac, act, mac, now()), nac.secret);
  const socket = createSocket(isIPv6(nac.address) ? "udp6" : "udp4");
  let unproven = "";
  try {
    const answer = await new Promise<{ cause: number } | "ack" | null>((resolve, reject) => {
      let tries = 0;
      const send = (): void => {
        if (tries++ === TRIES) return resolve(null);
        // The same packet again: the NAC knows it by identifier and authenticator (RFC 5080, section 2.2.2).
        socket.send(request.bytes);
        timer = setTimeout(send, WAIT_MS);
      };
      let timer: NodeJS.Timeout | undefined;
      const end = (): void => clearTimeout(timer);
      socket.on("error", (error) => {
        end();
        reject(new Trouble("unreachable", `${nac.name}: ${error.message}`, { passing: true }));
      });
      socket.on("message", (bytes) => {
        const found = readAnswer(bytes, request, nac, now());
        if (found.kind === "ignored") unproven = found.why;
        else {
          end();
          resolve(found.kind === "ack" ? "ack" : { cause: found.cause });
        }
      });
      // Connected: packets of others do not come here.
      socket.connect(nac.port, nac.address, send);
    });
    if (answer === "ack") return;
    if (answer === null && unproven !== "")
      throw new Trouble("answer-unproven", `${nac.name}: an answer was not taken for ${unproven}`);
    if (answer === null) throw new Trouble("unreachable", `${nac.name} does not answer`, { passing: true });
    if (answer.cause === SESSION_UNKNOWN)
      throw new Trouble("not-found", `${nac.name} has no session of ${writeMac(mac)}`, { certain: true });
    throw new Trouble("nac-refuses", `${nac.name} refuses (Error-Cause ${answer.cause})`, { certain: true });
  } finally {
    socket.close();
  }
}
