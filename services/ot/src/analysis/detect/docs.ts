/** docs/detections.md as text, from the table of kinds: a test compares. */
import type { FindingKind } from "@yagura/core/finding.ts";
import { findingKinds } from "../findings.ts";
import { attackKinds } from "./kinds/attacks.ts";
import { habitKinds } from "./kinds/habits.ts";
import { postureKinds } from "./kinds/posture.ts";
import { rhythmKinds } from "./kinds/rhythm.ts";
import { techniques } from "./kinds/techniques.ts";
import { verbKinds } from "./kinds/verbs.ts";
import { MOST_SITES, NORM_DAYS, NORM_K, NORM_STEP } from "../norms/sums.ts";
import { defaultSettings } from "./settings.ts";

const { learning, volume, cycle, scan, malformed, capture, burst } = defaultSettings;
const megabytes = volume.floor / 1e6;

/** When each kind is told; the figures are the default settings. */
const when: Readonly<Record<string, string>> = {
  "ot.program.downloaded": "Each time, known or not, also while learning.",
  "ot.program.uploaded": "Each time, known or not, also while learning.",
  "ot.mode.changed": "Each time, known or not, also while learning.",
  "ot.device.stopped": "Each time, known or not, also while learning.",
  "ot.device.restarted": "Each time, known or not, also while learning.",
  "ot.firmware.written": "Each time, known or not, also while learning.",
  "ot.output.forced": "Each time, known or not, also while learning.",
  "ot.clock.set": "The first time between a pair, also while learning.",
  "ot.device.configured": "The first time between a pair, also while learning.",
  "ot.device.new": `First packet of a device after the site was learned (${learning.minimumDays} days).`,
  "ot.conversation.new":
    "First answered conversation of two devices in a service, when one of them is watched. Noisy office machines: first use of a protocol.",
  "ot.command.new": "First use of a command (code and object) between two devices of the factory.",
  "ot.command.class-new":
    "First command of a kind that changes something (write, control, file, login) between two devices.",
  "ot.command.order":
    "A function directly after one that it never followed, when both were in the order for the learning time, and by all that was counted a new one there has a chance below 1 % (Witten-Bell). Repetitions and session handling do not count, nor do uploads in which packets are missing. Where a pair has more than three orders for each function, or new ones again and again, only with a function that changes something.",
  "ot.write.outside-range": "Write outside the addresses that the client wrote while it was learned.",
  "ot.identity.firmware-changed": "A firmware version that the device did not tell before.",
  "ot.identity.changed":
    "A serial number, model, order number, hardware version or vendor that the device did not tell before.",
  "ot.permit.exceeded":
    "A command by a person, on a device, of a kind or at a time that the related permit does not cover (up to a day around it).",
  "ot.volume.high": `More than ${volume.deviations} scaled MAD above the median of that hour of the week, at least three times any such hour, 1.5 times the pair's busiest hour, and ${megabytes} MB; after ${volume.weeks} weeks.`,
  "ot.volume.low": `Less than a tenth of a median of at least ${megabytes} MB in that hour of the week; after ${volume.weeks} weeks.`,
  "ot.cycle.period": `Period off by more than ${cycle.shift * 100} % and five deviations in ${cycle.batches} measurements in a row.`,
  "ot.cycle.jitter": `Jitter above ${cycle.jitter} times the usual and a tenth of the period in ${cycle.batches} measurements in a row.`,
  "ot.cycle.silent": `No packet for ${cycle.silentPeriods} times the longest usual gap, at least ${cycle.silentFloor / 1000} s, in an hour of the week in which the pair talked in three weeks of four.`,
  "ot.devices.full": "A device that is not on the list came while the list of the site was full.",
  "ot.capture.bad": `Over ten minutes: dropped above ${capture.dropped * 100} %, TCP bytes missing above ${capture.missing * 100} %, one-way conversations above ${capture.oneWay * 100} %, duplicates above ${capture.duplicates * 100} %, or hardly anything but broadcasts.`,
  "ot.scan.hosts": `${scan.hosts} devices on one port in ${scan.window / 60_000} minutes, known partners not counted.`,
  "ot.scan.ports": `${scan.ports} ports of one device in ${scan.window / 60_000} minutes.`,
  "ot.scan.arp": `${scan.addresses} ARP questions in one upload and four times the usual.`,
  "ot.command.refused": `${malformed.perMinute} refusals a minute and a fifth of the commands between two devices that had none so many while they were learned; again after a day without.`,
  "ot.login.refused": "Five refused logins in one upload, also while learning; again after a day without.",
  "ot.arp.spoofing": "A device that has another address claims this one, while its holder is still seen (ten minutes).",
  "ot.address.conflict":
    "Two devices claim one address within ten minutes, and the first is seen again after the second.",
  "ot.dhcp.unexpected": "A DHCP server that was not there while the site was learned, and is not in the settings.",
  "ot.dns.unexpected": "A DNS server that was not there while the site was learned, and is not in the settings.",
  "ot.gateway.unexpected":
    "A gateway told by DHCP that was not told while the site was learned, and is not in the settings.",
  "ot.signature.hit": "A rule matched; again after a day without.",
  "ot.traffic.malformed": `${malformed.perMinute} odd messages a minute between two devices that had none while they were learned; not what a bad capture makes.`,
  "ot.zone.crossed": "First traffic of a protocol from one zone to another after the site was learned.",
  "ot.internet.access": "First traffic of a factory device with the Internet by a protocol, also while learning.",
  "ot.login.cleartext": "First time at a server, also while learning.",
  "ot.login.default": "First time at a server, also while learning.",
  "ot.protocol.weak": "First time at a server, also while learning.",
  "ot.os.end-of-support": "Once for each device and product.",
  "ot.vulnerability.known": "Once for each device and CVE.",
  "ot.vulnerability.exploited": "Once for each device and CVE.",
};

const plain = (text: string): string => text.replaceAll(/\{(\w+?)(?:En|Ja)?\}/g, "‹$1›");

function section(title: string, kinds: Readonly<Record<string, FindingKind>>): string {
  const parts = Object.entries(kinds).map(([kind, { severity, title: name, changed, advice, techniques: ids }]) => {
    const named = (ids ?? []).map((id) => `${id} ${techniques[id]}`).join(", ");
    return [
      `### \`${kind}\``,
      "",
      `${plain(name.en)} / ${plain(name.ja)}`,
      "",
      `- When: ${when[kind] ?? "–"}`,
      `- Severity: ${severity}`,
      `- ATT&CK for ICS: ${named === "" ? "–" : named}`,
      `- Says: ${plain(changed.en)}`,
      `- To do: ${plain(advice.en)}`,
      `- 対応:${plain(advice.ja)}`,
    ].join("\n");
  });
  return `## ${title}\n\n${parts.join("\n\n")}`;
}

export function detectionsPage(): string {
  const rows = Object.entries(findingKinds).map(
    ([kind, { severity, techniques: ids }]) => `| \`${kind}\` | ${severity} | ${(ids ?? []).join(", ") || "–"} |`,
  );
  return `${[
    "# Detections of OT security",
    "Made from `services/ot/src/analysis/findings.ts`; a test compares. Each finding says what was normal since when and how often, what changed and how sure that is, which ATT&CK for ICS technique it may be, and what to do on the floor.",
    learningText,
    normsText,
    `| Kind | Severity | ATT&CK for ICS |\n|---|---|---|\n${rows.join("\n")}`,
    section("Commands that change what a device does", verbKinds),
    section("Something new", habitKinds),
    section("Rhythm and amount", rhythmKinds),
    section("Attacks and faults", attackKinds),
    section("Weak points", postureKinds),
    signaturesText,
  ].join("\n\n")}\n`;
}

const learningText = `## How it learns

- What a sensor shows in its first ${learning.minimumDays} days is known; a sensor that is added later has a learning time of its own. A device is learned at least ${learning.minimumDays} days and until it brings at most ${learning.saturation} new item a day (mean of three days), at most ${learning.maximumDays} days.
- A device of the factory is then watched to the pair, service and command. An office machine that never comes to rest becomes noisy: only its protocols are learned, not its partners; towards controllers it is still watched to the pair.
- Approving a finding makes it known. Allow rules say what is always in order (client and server by asset, address, CIDR, \`role:plc\`, \`zone:Cell 1\`, \`internet\`, \`group\`; protocol; kind of command). Mutes have a reason and an end. A device that is off the network by order (enforcement.md) is muted as silent until half an hour after it is on again.
- Planned work is entered as a permit: who, on which device, which kind of command, from when to when. Inside it nothing is told, but kept for the report; what goes beyond it is told with the permit's name. Nothing is learned from it.
- A new device, and what it does in its first day, is one incident; so is a scan with all that it finds, and the silent pairs of one device. At most ${burst} findings of a kind about one device come from one upload; the last one says how many more there were.
- A site has at most 200 permits planned or under way, 500 mutes in force and 500 allow rules: each upload is held against all of them.
- What-if: settings, rules and permits can be run over stored observations before they go live; the answer is alerts per week by kind, before and after.`;

const normsText = `## What others do

Organisations may take part in a comparison ("Detection settings", "Comparison with others"; off until their own people switch it on). Every night, at 03:40 in Japan, the last ${NORM_DAYS} days of those that take part are summed, for each product (vendor with order number or type designation), family of products, and role of a vendor: which functions and which classes of commands such devices received, which protocols they answered, which they used.

- Findings of these kinds say beside what was normal here what is usual elsewhere: new device, new conversation, new command, new class of commands, and the commands that change what a device does. A device's commands have a column of it.
- *Usual*: at half of the sites that have such a device, or more. *Rare*: at fewer than ${NORM_K} organisations, or at none; look closely. Between the two the figures are told. The most telling of product, family and role that ${NORM_K} organisations have is asked.
- Figures are rounded down to multiples of ${NORM_STEP}; "40+" may be 44. One's own sites are among them. Of one organisation ${MOST_SITES} sites count at most.
- It is evidence for people: no severity, no incident and nothing learned changes by it.
- Left out: sites whose names are tokens, devices without a known vendor or that are not of the factory, protocols that a customer declared, names that people wrote. What is told and what stays private: [security.md](security.md).`;

const signaturesText = `## Signatures

Rules in Suricata's language are matched by the sensor. The subset:

- Header: actions \`alert\`, \`drop\`, \`reject\` (all of them only tell); protocols \`tcp\`, \`tcp-pkt\`, \`tcp-stream\`, \`udp\`, \`icmp\`, \`ip\`, and \`modbus\`, \`dnp3\`, \`enip\`, \`ssh\`, \`ftp\`, \`rdp\` where the conversation is known to speak it; addresses and ports with \`any\`, CIDR, lists, ranges of ports, \`!\`, variables; \`->\` and \`<>\`. Lines \`var\`, \`ipvar\` and \`portvar\` set variables; those of Suricata's own configuration and of Quickdraw are set to the private networks.
- Payload: \`content\` (hexadecimal, \`!\`) with \`nocase\`, \`offset\`, \`depth\`, \`distance\`, \`within\`, \`startswith\`, \`endswith\`, \`fast_pattern\`; \`pcre\` with the flags i, s, m, A, R, E, B, O; \`byte_test\`, \`byte_jump\`, \`isdataat\`, \`dsize\`.
- Conversation: \`flow\`, \`flags\`, \`flowbits\`, \`threshold\`, \`detection_filter\`.
- Factory: \`modbus\` (function, subfunction, unit, access, address), \`dnp3_func\`, \`enip_command\`, \`cip_service\`.
- Words: \`msg\`, \`sid\`, \`rev\`, \`gid\`, \`classtype\`, \`priority\`, \`reference\`, \`metadata\` (a technique in it is taken over), \`target\`.

A rule that uses anything else is not loaded, and the reason is told with its line. Expressions that could take exponential time are refused. TCP is looked at piece by piece in the order of the stream: a pattern that is split over two pieces is not found, and several messages in one piece are seen as one. Expressions see the first 4,096 bytes of a piece.`;
