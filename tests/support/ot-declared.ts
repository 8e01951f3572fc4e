/**
 * A protocol that exists nowhere, and its description: the worked example of docs/declared-protocols.md. All numbers big endian.
 *
 *  2 bytes  1       1        2       2       2            2        n
 * | "KB"  | version | kind  | length | number | function | station | body |
 *   4b 42   01        00 asks  behind   answers repeat it
 *                     80 answers, 81 refuses
 *
 * Read and write (1, 2): address (2) and count (2). Who are you (16): the answer has a model of 16 bytes, then the length of the
 * firmware and the firmware. Stop (32).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeclaredDescription } from "@yagura/ot/wire/declared.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { tcpConversation, type Message } from "@yagura/packets/build/conversation.ts";
import { bytesOf } from "./dissect.ts";

const guide = join(import.meta.dirname, "..", "..", "docs", "declared-protocols.md");
/** The example as the guide prints it. */
export function exampleOfGuide(): DeclaredDescription {
  const text = readFileSync(guide, "utf8");
  const [, json = ""] = /```json example\n([\s\S]*?)```/.exec(text) ?? [];
  return JSON.parse(json) as DeclaredDescription;
}

const two = (value: number): string => value.toString(16).padStart(4, "0");
/** Hexadecimal of a message; `kind` 00 asks, 80 answers, 81 refuses. */
export const conveyor = (kind: "00" | "80" | "81", number: number, code: number, station: number, body = ""): string =>
  `4b42 01 ${kind} ${two(6 + body.replaceAll(" ", "").length / 2)} ${two(number)} ${two(code)} ${two(station)} ${body}`;

const ascii = (text: string, length = text.length): string =>
  Buffer.from(text.padEnd(length, "\0"), "latin1").toString("hex");
/** Body of the answer to "who are you". */
export const conveyorIdentity = (model: string, firmware: string): string =>
  `${ascii(model, 16)} ${firmware.length.toString(16).padStart(2, "0")} ${ascii(firmware)}`;

/** Read, answer, write, refusal, who are you, answer, stop. */
export const conveyorMessages = {
  read: conveyor("00", 1, 1, 3, "0100 000a"),
  readAnswer: conveyor("80", 1, 1, 3, "00112233445566778899"),
  write: conveyor("00", 2, 2, 3, "0200 0001 ffff"),
  writeRefused: conveyor("81", 2, 2, 3, "05"),
  identify: conveyor("00", 3, 16, 3),
  identity: conveyor("80", 3, 16, 3, conveyorIdentity("KB-100", "2.4.1")),
  stop: conveyor("00", 4, 32, 3),
  stopAnswer: conveyor("80", 4, 32, 3),
} as const;

const kb = conveyorMessages;
/** A conversation of it, with one function that the description does not list. */
export const conveyorTalk: readonly Message[] = [
  { from: "client", bytes: bytesOf(kb.read) },
  { from: "server", bytes: bytesOf(kb.readAnswer) },
  { from: "client", bytes: bytesOf(kb.identify) },
  { from: "server", bytes: bytesOf(kb.identity) },
  { from: "client", bytes: bytesOf(kb.write) },
  { from: "server", bytes: bytesOf(kb.writeRefused) },
  { from: "client", bytes: bytesOf(conveyor("00", 5, 77, 3)) },
  { from: "client", bytes: bytesOf(kb.stop) },
  { from: "server", bytes: bytesOf(kb.stopAnswer) },
];
/** The same as a capture file; `start` in ms. */
export function conveyorFile(start: number): Uint8Array {
  const frames = tcpConversation(
    {
      client: { mac: "02:00:00:00:00:01", address: "192.0.2.1" },
      server: { mac: "02:00:00:00:00:02", address: "192.0.2.2" },
      serverPort: 9_750,
    },
    conveyorTalk,
  );
  const [first] = frames;
  const shift = start * 1_000 - (first?.time ?? 0);
  return writePcap(frames.map(({ time, frame }) => ({ time: time + shift, frame })));
}
