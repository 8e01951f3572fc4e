/** What is weak although nobody attacks: told once per device and kind, also while the site is learned. */
import type { Weakness } from "../../wire/vocabulary.ts";
import { factKey, weaknessKey } from "./keys.ts";
import type { Run } from "./run.ts";
import { atDay, both } from "./words.ts";

interface Text {
  readonly en: string;
  readonly ja: string;
}
const clear = "ot.login.cleartext";
const weak = "ot.protocol.weak";
const fallback = "ot.login.default";
const words: Readonly<Record<Weakness, Text & { readonly kind: string }>> = {
  "cleartext-login": { kind: clear, en: "login without encryption", ja: "暗号化されていないログイン" },
  "http-basic": { kind: clear, en: "HTTP Basic without encryption", ja: "暗号化されていないHTTP Basic認証" },
  telnet: { kind: clear, en: "Telnet", ja: "Telnet" },
  ftp: { kind: clear, en: "FTP", ja: "FTP" },
  "anonymous-login": { kind: fallback, en: "an anonymous login", ja: "匿名ログイン" },
  "default-community": { kind: fallback, en: "the default SNMP community", ja: "SNMPの初期コミュニティ名" },
  "default-login": { kind: fallback, en: "the maker's default login", ja: "メーカー初期設定のログイン" },
  "vnc-no-authentication": { kind: fallback, en: "VNC without a password", ja: "パスワードなしのVNC" },
  smb1: { kind: weak, en: "SMB version 1", ja: "SMBバージョン1" },
  "ntlm-v1": { kind: weak, en: "NTLM version 1", ja: "NTLMバージョン1" },
  "tls-old": { kind: weak, en: "an old version of TLS or SSL", ja: "古い版のTLS/SSL" },
  "ssh-1": { kind: weak, en: "SSH version 1", ja: "SSHバージョン1" },
  "snmp-cleartext": { kind: weak, en: "SNMP version 1 or 2c", ja: "SNMPバージョン1/2c" },
  "rdp-no-nla": { kind: weak, en: "RDP without network level authentication", ja: "ネットワークレベル認証なしのRDP" },
  "opcua-no-security": { kind: weak, en: "OPC UA without security", ja: "セキュリティなしのOPC UA" },
  "mqtt-no-tls": { kind: weak, en: "MQTT without TLS", ja: "TLSなしのMQTT" },
  llmnr: { kind: weak, en: "LLMNR name resolution", ja: "LLMNRによる名前解決" },
  "weak-cipher": { kind: weak, en: "a weak cipher", ja: "弱い暗号" },
  "certificate-expired": { kind: weak, en: "an expired certificate", ja: "期限切れの証明書" },
};

const plainness = (kind: Weakness): number => (kind === "cleartext-login" ? 0 : 1);

export function weaknesses(run: Run): void {
  // Of the ways to say the same the login itself says most.
  const rows = [...run.observation.weaknesses].sort((a, b) => plainness(a.kind) - plainness(b.kind));
  for (const row of rows) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    const key = weaknessKey(server, row);
    if (!run.isNew(run.see(key, row, true), row.first)) continue;
    const { kind, en, ja } = words[row.kind];
    run.raise({
      kind,
      about: run.asset(server) === undefined ? client : server,
      peer: client,
      key,
      // One incident per way of being weak: it is solved for all at once. Telnet and the login over it are one way.
      group: kind === clear ? `weakness|clear|${row.protocol}` : `weakness|${row.kind}`,
      since: row.first,
      confidence: 0.95,
      parameters: {
        client: run.name(client),
        server: run.name(server),
        protocol: run.title(row.protocol),
        ...both("what", { en, ja }),
        since: atDay(row.first, run.input.settings.utcOffset),
      },
      client,
      server,
      protocol: row.protocol,
    });
  }
}

/** End of support (OT-24) and known vulnerabilities (OT-25), matched elsewhere: told once for each device. */
export function knownFacts(run: Run): void {
  const span = { first: run.observation.from, last: run.observation.to };
  for (const { asset, product, ended, confidence } of run.input.endOfSupport ?? []) {
    const key = factKey("support", asset, product);
    if (!run.isNew(run.see(key, span, true), span.first)) continue;
    run.raise({
      kind: "ot.os.end-of-support",
      about: asset,
      key,
      group: `support|${product}`,
      since: span.first,
      confidence,
      parameters: { device: run.name(asset), product, ended },
    });
  }
  const matches = [...(run.input.vulnerabilities ?? [])].sort((a, b) => Number(b.exploited) - Number(a.exploited));
  for (const { asset, advisory, cve, product, matched, exploited, confidence, href } of matches) {
    const key = factKey("vulnerability", asset, cve);
    if (!run.isNew(run.see(key, span, true), span.first)) continue;
    run.raise({
      kind: exploited ? "ot.vulnerability.exploited" : "ot.vulnerability.known",
      about: asset,
      key,
      // All of one device together: it is updated once.
      group: `vulnerability|${asset}`,
      since: span.first,
      confidence,
      parameters: { device: run.name(asset), advisory, cve, product, matched },
      evidence: [{ label: cve, value: advisory, ...(href === undefined ? {} : { href }) }],
    });
  }
}
