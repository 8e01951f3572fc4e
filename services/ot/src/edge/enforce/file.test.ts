/** The file of the premises: what it may say, and that its faults never repeat its values (OT-31). */
import { expect, test } from "vitest";
import { FileFault, macOf, readEnforcement } from "./file.ts";
import { networkHas, readNetwork } from "../../wire/addresses.ts";

const secret = "S3CRET-of-the-plant";
const snmp = { version: "3", user: "u", authentication: "sha256", authenticationKey: secret, privacy: "aes", privacyKey: secret }; // prettier-ignore
const one = { name: "cell 1", address: "192.0.2.1", snmp };
const nac = { name: "nac", address: "2001:db8::1", secret, block: { kind: "disconnect" } };
const read = (document: object) => readEnforcement(JSON.stringify({ version: 1, ...document }));

test("what is left out has a default: three devices, a day, one MAC behind a port", () => {
  expect(read({ switches: [one] })).toMatchObject({
    devices: 3,
    hours: 24,
    learned: 1,
    nacs: [],
    switches: [{ port: 161, context: null, protected: [] }],
  });
  expect(read({ nacs: [nac] }).nacs[0]).toMatchObject({
    port: 3799,
    mac: "AA-BB-CC-DD-EE-FF",
    release: { kind: "disconnect" },
    plainAnswers: false,
  });
});

test("the list of what is never blocked takes MACs in three forms, addresses and networks", () => {
  const never = [
    "00:1b:1b:00:00:01",
    "00-1B-1B-00-00-02",
    "001b.1b00.0003",
    "192.0.2.0/24",
    "2001:db8::5",
    "192.168.100.200",
  ];
  const { neverMacs, neverNetworks } = read({ switches: [one], never });
  expect([...neverMacs]).toEqual([0x001b1b000001, 0x001b1b000002, 0x001b1b000003]);
  const hit = (address: string): boolean => neverNetworks.some((network) => networkHas(network, address));
  expect(["192.0.2.77", "2001:db8:0::5", "192.168.100.200"].map(hit)).toEqual([true, true, true]);
  expect(["192.0.3.77", "2001:db8::6", "", "name"].map(hit)).toEqual([false, false, false, false]);
  expect(macOf("192.168.100.200")).toBeNull();
  expect(readNetwork("192.0.2.0/33")).toBeNull();
});

test.each([
  ["no JSON", `{"secret": "${secret}"`],
  ["another version", { version: 2, switches: [one] }],
  ["nothing to act with", {}],
  ["a misspelt name", { switches: [{ ...one, comunity: secret }] }],
  ["a name instead of an address", { switches: [{ ...one, address: secret }] }],
  ["a short key", { switches: [{ ...one, snmp: { ...snmp, privacyKey: "short" } }] }],
  ["MD5", { switches: [{ ...one, snmp: { ...snmp, authentication: "md5" } }] }],
  ["DES", { switches: [{ ...one, snmp: { ...snmp, privacy: "des" } }] }],
  ["SNMPv1", { switches: [{ ...one, snmp: { version: "1", community: secret } }] }],
  ["a line break in a key", { switches: [{ ...one, snmp: { ...snmp, privacyKey: `${secret}\n` } }] }],
  ["a port for no MAC", { switches: [{ ...one, ports: { [secret]: "Gi1" } }] }],
  ["a veto that cannot be read", { switches: [one], never: [secret] }],
  ["more devices than there may be", { switches: [one], limits: { devices: 65 } }],
  ["an act without an attribute", { nacs: [{ ...nac, block: { kind: "attributes" } }] }],
  ["a list as an object", { switches: one }],
])("refused without its values: %s", (_, document) => {
  const text = typeof document === "string" ? document : JSON.stringify({ version: 1, ...document });
  let told = "";
  try {
    readEnforcement(text);
  } catch (error) {
    expect(error).toBeInstanceOf(FileFault);
    told = (error as Error).message;
  }
  expect(told).not.toBe("");
  expect(told).not.toContain(secret);
});
