import { createCipheriv, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { IncidentDetail } from "@yagura/alerts/shapes.ts";
import type { Site } from "../../wire/api.ts";
import { openTokens, TOKEN_KEY_BYTES, type TokenCrypto, type Tokens } from "../../wire/tokens.ts";
import { sentencesOf } from "../findings/sentences.ts";
import { readIncident, siteOf } from "./read.ts";

const cipher: TokenCrypto = {
  hmac: (key) => Promise.resolve((data) => createHmac("sha256", key).update(data).digest()),
  ctr: (key) => Promise.resolve((counter, data) => createCipheriv("aes-256-ctr", key, counter).update(data)),
  encode: (text) => Buffer.from(text, "utf8"),
  decode: (bytes) => Buffer.from(bytes).toString("utf8"),
};
const keyOf = (byte: number): Promise<Tokens> => openTokens(new Uint8Array(TOKEN_KEY_BYTES).fill(byte), cipher);

const id = "01920000-0000-7000-8000-000000000001";
const kind = "ot.device.new";
const at = "2026-11-20T03:00:00.000Z";
const site = (tokens: string | null): Site => ({ id, tokens }) as Site;

async function incidentOf(tokens: Tokens): Promise<IncidentDetail> {
  const [device, address] = [await tokens.text("PRESS-PLC1"), await tokens.address("192.168.10.11")];
  const parameters = { device, address };
  const said = sentencesOf({ kind, parameters }, "en");
  return {
    id,
    organisation: id,
    organisationName: "Customer",
    number: 1,
    service: "ot",
    kind,
    subject: { kind: "asset", id },
    group: `${id}|new ${id}`,
    severity: "notice",
    state: "open",
    title: said.title,
    parameters,
    findings: 1,
    openedAt: at,
    lastAt: at,
    endedAt: null,
    assignee: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    closedAt: null,
    closedBy: null,
    closeReason: null,
    worst: [
      {
        id,
        key: "k",
        kind,
        subject: { kind: "asset", id },
        severity: "notice",
        confidence: 1,
        ...said,
        parameters,
        techniques: [],
        evidence: [{ label: "IP", value: address }],
        since: at,
        until: null,
        lastAt: at,
        times: 1,
      },
    ],
    entries: [{ id, at, kind: "note", by: "user:x", detail: { note: `see ${device}` } }],
  };
}

test("OT-N1 an incident is read with the customer's key: sentences, evidence and notes in clear, in the reader's language", async () => {
  const tokens = await keyOf(7);
  const incident = await incidentOf(tokens);
  expect(siteOf(incident)).toBe(id);
  expect(JSON.stringify(incident)).toContain("yt1.");
  const read = await readIncident(incident, { tokens, sites: [site(tokens.check)], language: "ja" });
  const clear = { device: "PRESS-PLC1", address: "192.168.10.11" };
  const said = sentencesOf({ kind, parameters: clear }, "ja");
  expect(read.title).toBe(said.title);
  expect(read.title).toContain("PRESS-PLC1");
  expect(read.worst[0]).toMatchObject({
    ...said,
    parameters: clear,
    evidence: [{ label: "IP", value: "192.168.10.11" }],
  });
  expect(read.entries[0]?.detail).toEqual({ note: "see PRESS-PLC1" });
  expect(JSON.stringify(read)).not.toContain("yt1.");
});

test("OT-N1 under another key, or of a site that uses another, addresses and names stay as they are", async () => {
  const [tokens, other] = [await keyOf(7), await keyOf(8)];
  const incident = await incidentOf(tokens);
  expect(await readIncident(incident, { tokens: other, sites: [site(tokens.check)], language: "en" })).toEqual(
    incident,
  );
  const read = await readIncident(incident, { tokens, sites: [site(null)], language: "en" });
  expect(read.parameters).toEqual({ device: "PRESS-PLC1", address: incident.parameters["address"] });
});
