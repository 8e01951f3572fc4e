/**
 * Services of MMS (ISO 9506-2, clause 7.2) by the number of their choice. Unconfirmed services are UNCONFIRMED + number, the PDUs
 * of the association ASSOCIATION + their tag. Writes of IEC 61850 by functional constraint are kind * 256 + 5.
 */
import type { Outcome } from "../wire/vocabulary.ts";
import { functionTable } from "./codecs/functions.ts";
import type { FunctionTable } from "./dissector.ts";

export const UNCONFIRMED = 0x1_00_00;
const ASSOCIATION = 0x2_00_00;
export const WRITE_CONTROL = 0x01_05;
export const WRITE_SETTING = 0x02_05;
export const WRITE_CONFIGURATION = 0x03_05;

export const mmsFunctions: FunctionTable = functionTable([
  [0, "status", "diagnose"],
  [1, "getNameList", "identify"],
  [2, "identify", "identify"],
  [3, "rename", "configure"],
  [4, "read", "read"],
  [5, "write", "write"],
  [6, "getVariableAccessAttributes", "identify"],
  [7, "defineNamedVariable", "configure"],
  [8, "defineScatteredAccess", "configure"],
  [9, "getScatteredAccessAttributes", "identify"],
  [10, "deleteVariableAccess", "configure"],
  [11, "defineNamedVariableList", "configure"],
  [12, "getNamedVariableListAttributes", "identify"],
  [13, "deleteNamedVariableList", "configure"],
  [14, "defineNamedType", "configure"],
  [15, "getNamedTypeAttributes", "identify"],
  [16, "deleteNamedType", "configure"],
  [17, "input", "read"],
  [18, "output", "write"],
  [19, "takeControl", "session"],
  [20, "relinquishControl", "session"],
  [21, "defineSemaphore", "configure"],
  [22, "deleteSemaphore", "configure"],
  [23, "reportSemaphoreStatus", "diagnose"],
  [24, "reportPoolSemaphoreStatus", "diagnose"],
  [25, "reportSemaphoreEntryStatus", "diagnose"],
  [26, "initiateDownloadSequence", "download"],
  [27, "downloadSegment", "download"],
  [28, "terminateDownloadSequence", "download"],
  [29, "initiateUploadSequence", "upload"],
  [30, "uploadSegment", "upload"],
  [31, "terminateUploadSequence", "upload"],
  [32, "requestDomainDownload", "download"],
  [33, "requestDomainUpload", "upload"],
  [34, "loadDomainContent", "download"],
  [35, "storeDomainContent", "upload"],
  [36, "deleteDomain", "download"],
  [37, "getDomainAttributes", "identify"],
  [38, "createProgramInvocation", "configure"],
  [39, "deleteProgramInvocation", "configure"],
  [40, "start", "mode"],
  [41, "stop", "stop"],
  [42, "resume", "mode"],
  [43, "reset", "mode"],
  [44, "kill", "stop"],
  [45, "getProgramInvocationAttributes", "diagnose"],
  [46, "obtainFile", "file"],
  [47, "defineEventCondition", "configure"],
  [48, "deleteEventCondition", "configure"],
  [49, "getEventConditionAttributes", "read"],
  [50, "reportEventConditionStatus", "diagnose"],
  [51, "alterEventConditionMonitoring", "configure"],
  [52, "triggerEvent", "control"],
  [53, "defineEventAction", "configure"],
  [54, "deleteEventAction", "configure"],
  [55, "getEventActionAttributes", "read"],
  [56, "reportEventActionStatus", "diagnose"],
  [57, "defineEventEnrollment", "configure"],
  [58, "deleteEventEnrollment", "configure"],
  [59, "alterEventEnrollment", "configure"],
  [60, "reportEventEnrollmentStatus", "diagnose"],
  [61, "getEventEnrollmentAttributes", "read"],
  [62, "acknowledgeEventNotification", "control"],
  [63, "getAlarmSummary", "diagnose"],
  [64, "getAlarmEnrollmentSummary", "diagnose"],
  [65, "readJournal", "read"],
  [66, "writeJournal", "configure"],
  [67, "initializeJournal", "configure"],
  [68, "reportJournalStatus", "diagnose"],
  [69, "createJournal", "configure"],
  [70, "deleteJournal", "configure"],
  [71, "getCapabilityList", "diagnose"],
  [72, "fileOpen", "file"],
  [73, "fileRead", "file"],
  [74, "fileClose", "file"],
  [75, "fileRename", "file"],
  [76, "fileDelete", "file"],
  [77, "fileDirectory", "file"],
  [78, "additionalService", "other"],
  [WRITE_CONTROL, "write (control, CO)", "control"],
  [WRITE_SETTING, "write (set point or setting group)", "configure"],
  [WRITE_CONFIGURATION, "write (configuration or control block)", "configure"],
  [UNCONFIRMED + 0, "informationReport", "report"],
  [UNCONFIRMED + 1, "unsolicitedStatus", "report"],
  [UNCONFIRMED + 2, "eventNotification", "report"],
  [ASSOCIATION + 8, "initiate", "session"],
  [ASSOCIATION + 11, "conclude", "session"],
  [ASSOCIATION + 5, "cancel", "session"],
]);

/** PDUs of the association by their tag. */
export const mmsPdus: Readonly<Record<number, { readonly outcome: Outcome; readonly code: number }>> = {
  0xa8: { outcome: "request", code: ASSOCIATION + 8 },
  0xa9: { outcome: "response", code: ASSOCIATION + 8 },
  0xaa: { outcome: "error", code: ASSOCIATION + 8 },
  0x8b: { outcome: "request", code: ASSOCIATION + 11 },
  0x8c: { outcome: "response", code: ASSOCIATION + 11 },
  0xad: { outcome: "error", code: ASSOCIATION + 11 },
  0x85: { outcome: "request", code: ASSOCIATION + 5 },
  0x86: { outcome: "response", code: ASSOCIATION + 5 },
  0xa7: { outcome: "error", code: ASSOCIATION + 5 },
};

/** Service of a context tag, constructed or not; −1 for other tags. */
export function serviceOf(tag: number): number {
  const number = tag > 0xff ? tag % 65_536 : tag & 31;
  const kind = tag > 0xff ? Math.floor(tag / 65_536) & 0xc0 : tag & 0xc0;
  return kind === 0x80 && number <= 78 ? number : -1;
}
