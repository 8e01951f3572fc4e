/** The result of a test, read with care: it is what another process printed. */
import type { ParserTrial } from "../../wire/api-declared.ts";
import { commandClasses, protocols, type ProtocolName } from "../../wire/vocabulary.ts";
import { isRow, number, oneOf, rows, text } from "../captures/result.ts";

export function readTrial(result: unknown): ParserTrial {
  const trial = isRow(result) ? result : {};
  const there = isRow(trial["there"]) ? trial["there"] : {};
  const others: readonly unknown[] = Array.isArray(there["others"]) ? there["others"] : [];
  return {
    name: text(trial["name"]),
    packets: number(trial["packets"]),
    conversations: number(trial["conversations"]),
    messages: number(trial["messages"]),
    functions: rows(trial["functions"]).map((row) => ({
      code: number(row["code"]),
      name: text(row["name"]),
      class: oneOf(commandClasses, row["class"], "other"),
      requests: number(row["requests"]),
      responses: number(row["responses"]),
      errors: number(row["errors"]),
      events: number(row["events"]),
    })),
    identities: rows(trial["identities"]).map((row) => ({
      address: text(row["address"]),
      attribute: text(row["attribute"]),
      value: text(row["value"]),
    })),
    there: {
      packets: number(there["packets"]),
      unread: number(there["unread"]),
      others: others.filter((one): one is ProtocolName => typeof one === "string" && one in protocols),
    },
    odd: rows(trial["odd"]).map((row) => ({
      packet: number(row["packet"]),
      byte: number(row["byte"]),
      reason: text(row["reason"]),
    })),
    oddTotal: number(trial["oddTotal"]),
  };
}
