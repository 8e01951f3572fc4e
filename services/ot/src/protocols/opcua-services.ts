/**
 * Services of OPC UA: numbers of the binary encodings of their requests and responses (OPC 10000-6, annex A; NodeIds.csv). The
 * function is the number of the request. Messages of the connection are CONNECTION + a number given here.
 */
import type { CommandClass } from "../wire/vocabulary.ts";
import { functionTable, type FunctionRow } from "./codecs/functions.ts";
import type { FunctionTable } from "./dissector.ts";

export const SERVICE_FAULT = 397;
export const CREATE_SESSION = 461;
export const ACTIVATE_SESSION = 467;
export const CONNECTION = 0x1_00_00;
/** Something encrypted. */
export const OPAQUE = CONNECTION + 0xff;

const services: readonly (readonly [name: string, request: number, response: number, does: CommandClass])[] = [
  ["FindServers", 422, 425, "identify"],
  ["FindServersOnNetwork", 12208, 12209, "identify"],
  ["GetEndpoints", 428, 431, "identify"],
  ["RegisterServer", 437, 440, "configure"],
  ["RegisterServer2", 12211, 12212, "configure"],
  ["OpenSecureChannel", 446, 449, "session"],
  ["CloseSecureChannel", 452, 455, "session"],
  ["CreateSession", 461, 464, "session"],
  ["ActivateSession", 467, 470, "login"],
  ["CloseSession", 473, 476, "session"],
  ["Cancel", 479, 482, "session"],
  ["AddNodes", 488, 491, "configure"],
  ["AddReferences", 494, 497, "configure"],
  ["DeleteNodes", 500, 503, "configure"],
  ["DeleteReferences", 506, 509, "configure"],
  ["Browse", 527, 530, "identify"],
  ["BrowseNext", 533, 536, "identify"],
  ["TranslateBrowsePathsToNodeIds", 554, 557, "identify"],
  ["RegisterNodes", 560, 563, "session"],
  ["UnregisterNodes", 566, 569, "session"],
  ["QueryFirst", 615, 618, "read"],
  ["QueryNext", 621, 624, "read"],
  ["Read", 631, 634, "read"],
  ["HistoryRead", 664, 667, "read"],
  ["Write", 673, 676, "write"],
  ["HistoryUpdate", 700, 703, "write"],
  ["Call", 712, 715, "control"],
  ["CreateMonitoredItems", 751, 754, "session"],
  ["ModifyMonitoredItems", 763, 766, "session"],
  ["SetMonitoringMode", 769, 772, "session"],
  ["SetTriggering", 775, 778, "session"],
  ["DeleteMonitoredItems", 781, 784, "session"],
  ["CreateSubscription", 787, 790, "session"],
  ["ModifySubscription", 793, 796, "session"],
  ["SetPublishingMode", 799, 802, "session"],
  ["Publish", 826, 829, "report"],
  ["Republish", 832, 835, "report"],
  ["TransferSubscriptions", 841, 844, "session"],
  ["DeleteSubscriptions", 847, 850, "session"],
];

const requests = new Map(
  services.flatMap(([, request, response]) => [[request, request] as const, [response, request] as const]),
);

/** Request of a request or response; −1 for other numbers. */
export const requestOf = (id: number): number => requests.get(id) ?? -1;

export const opcuaFunctions: FunctionTable = functionTable([
  ...services.map(([name, request, , does]): FunctionRow => [request, name, does]),
  [SERVICE_FAULT, "ServiceFault", "other"],
  [CONNECTION + 1, "Hello", "session"],
  [CONNECTION + 2, "ReverseHello", "session"],
  [OPAQUE, "encrypted message", "other"],
]);
