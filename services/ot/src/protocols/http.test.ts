import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { http } from "./http.ts";
import { ssdp } from "./ssdp.ts";

const text = (...lines: string[]): Uint8Array => Uint8Array.from(Buffer.from(lines.join("\r\n"), "latin1"));
const ask = (...lines: string[]): Sent => ({ bytes: text(...lines), destinationPort: 80 });
const answer = (...lines: string[]): Sent => ({ bytes: text(...lines), fromClient: false, sourcePort: 80, destinationPort: 49_152 }); // prettier-ignore

const get = ask("GET /status?user=x HTTP/1.1", "Host: plc9.plant.example:80", "User-Agent: hmi/2.1", "", "");
const ok = answer("HTTP/1.1 200 OK", "Server: Example-Web/3.2", "Content-Length: 5", "", "hello");

describe("HTTP", () => {
  test("method, host, agent and server; no path", () => {
    const told = dissect(http, [get, ok, get, answer("HTTP/1.1 404 Not Found", "Content-Length: 0", "", "")]);
    expect(told.recognised).toBe(2);
    expect(told.commands.map(({ outcome, code }) => `${outcome} ${http.functions?.get(code)?.name}`)).toEqual([
      "request GET",
      "response GET",
      "request GET",
      "error GET",
    ]);
    expect(told.identities).toEqual([
      "destination name=plc9.plant.example",
      "source user-agent=hmi/2.1",
      "source server-software=Example-Web/3.2",
    ]);
    expect(JSON.stringify(told)).not.toContain("status");
  });

  test.each([
    { name: "basic authentication", lines: ["GET / HTTP/1.1", "Authorization: Basic eHg6eXk=", "", ""], weak: ["http-basic", "cleartext-login"] }, // prettier-ignore
    { name: "digest authentication", lines: ["GET / HTTP/1.1", "Authorization: Digest a=b", "", ""], weak: [] },
    { name: "a form with a password", lines: ["POST /login HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 17", "", "user=a&password=b"], weak: ["cleartext-login"] }, // prettier-ignore
    { name: "a form without", lines: ["POST /set HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 3", "", "a=b"], weak: [] }, // prettier-ignore
  ])("$name", ({ lines, weak }) => {
    const told = dissect(http, [ask(...lines)]);
    expect(told.weaknesses).toEqual(weak);
    expect(JSON.stringify(told)).not.toContain("eHg6");
  });

  test("bodies pass: length, chunks, until the end", () => {
    const chunked = answer("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "5;x=1", "abcde", "0", "Trailer: x", "", "HTTP/1.1 204 No Content", "", ""); // prettier-ignore
    const told = dissect(http, [get, get, chunked]);
    expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "request", "response", "response"]);
    const open = answer("HTTP/1.0 200 OK", "", "GET / HTTP/1.1", "", "");
    expect(dissect(http, [get, open]).commands.map(({ outcome }) => outcome)).toEqual(["request", "response"]);
  });

  test("requests one behind the other keep their answers", () => {
    const head = ask("HEAD / HTTP/1.1", "", "");
    const told = dissect(http, [get, head, answer("HTTP/1.1 200 OK", "Content-Length: 0", "", "HTTP/1.1 200 OK", "Content-Length: 99", "", "HTTP/1.1 200 OK", "Content-Length: 0", "", "")]); // prettier-ignore
    expect(told.commands.slice(2).map(({ code }) => code)).toEqual([1, 3, 0]);
    expect(told.weirds).toEqual(["response-without-request"]);
  });

  test.each([
    { name: "TLS", first: Uint8Array.of(22, 3, 1, 0, 1, 0), became: ["tls"] },
    { name: "SSH", first: text("SSH-2.0-x", ""), became: ["ssh"] },
    { name: "mail", first: text("220 mail.example ESMTP", ""), became: [] },
  ])("a tunnel is what it carries: $name", ({ first, became }) => {
    const told = dissect(http, [ask("CONNECT erp.example:443 HTTP/1.1", "Host: erp.example:443", "", ""), answer("HTTP/1.1 200 Connected", "", ""), { ...ok, bytes: first }]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(told.became).toEqual(became);
    expect(told.identities).toEqual([]);
    expect(told.weirds).toEqual([]);
  });

  const names = (told: ReturnType<typeof dissect>): string[] =>
    told.commands.map(({ outcome, code }) => `${outcome} ${http.functions?.get(code)?.name}`);

  test.each([
    { name: "ends with its line", lines: ["GET /index.html", ""] },
    { name: "has a version that is none", lines: ["GET /index.html/HTTP/1.1", "Host: a.example", "", ""] },
  ])("a simple request $name; its answer is bare", ({ lines }) => {
    const told = dissect(http, [ask(...lines), answer("<html>", "", "GET / in a text", "")]);
    expect(told.recognised).toBe(2);
    expect(names(told)).toEqual(["request GET"]);
    expect(told.weirds).toEqual([]);
    const headed = dissect(http, [ask(...lines), answer("HTTP/1.0 404 Not Found", "", "")]);
    expect(names(headed)).toEqual(["request GET", "error GET"]);
  });

  test("methods of some clients, and of nobody known", () => {
    const told = dissect(http, [ask("CCM_POST /ccm_system/request HTTP/1.1", "", ""), ask("FROBNICATE /x HTTP/1.1", "", "")]); // prettier-ignore
    expect(names(told)).toEqual(["request CCM_POST", "request other method"]);
    expect(dissect(http, [ask("FROBNICATE /x HTTP/1.1", "", "")]).recognised).toBe(2);
    expect(dissect(http, [ask("FROBNICATE /x RTSP/1.0", "", "")])).toMatchObject({ recognised: 1, answers: [-1] });
  });

  test("heads are found again behind chunks and trailers that lack bytes", () => {
    const post = ask("POST /a HTTP/1.1", "Transfer-Encoding: chunked", "", "5", "abcde", "");
    expect(names(dissect(http, [post, get]))).toEqual(["request POST", "request GET"]);
    const trailer = ask("POST /a HTTP/1.1", "Transfer-Encoding: chunked", "", "0", "");
    expect(names(dissect(http, [trailer, get]))).toEqual(["request POST", "request GET"]);
  });

  describe("version 2 in clear", () => {
    const frame = (type: string, flags: string, stream: string, payload: string): string => {
      const body = payload.replaceAll(" ", "");
      return (body.length / 2).toString(16).padStart(6, "0") + type + flags + stream + body;
    };
    const bytes = (...frames: string[]): Uint8Array => Uint8Array.from(Buffer.from(frames.join(""), "hex"));
    const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").toString("hex");
    const settings = frame("04", "00", "00000000", "000300000064");
    // RFC 7541, C.4.1 and C.4.2: GET http://www.example.com/, then with the host from the table
    const first = frame("01", "05", "00000001", "828684418cf1e3c2e5f23a6ba0ab90f4ff");
    const second = frame("01", "05", "00000003", "828684be5886a8eb10649cbf");
    // POST, path and host as they are, padding and priority
    const post = frame(
      "01",
      "2d",
      "00000005",
      `03 00000000 0f 83 86 04 02 2f78 41 08 ${Buffer.from("plc9.lan").toString("hex")} 000000`,
    );
    // C.6.1: status 302; then 200 and trailers of the first stream, an interim answer, 404
    const moved = frame(
      "01",
      "04",
      "00000003",
      "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff",
    );
    const rest = [frame("01", "04", "00000001", "88"), frame("00", "00", "00000001", "aabb"), frame("01", "05", "00000001", "40 01 78 01 79"), frame("01", "04", "00000005", "08 03 313030"), frame("01", "05", "00000005", "8d")]; // prettier-ignore
    const up: Sent = { bytes: bytes(preface, settings, first, second, post), destinationPort: 50_051 };
    const down: Sent = { bytes: bytes(settings, moved, ...rest), fromClient: false, sourcePort: 50_051, destinationPort: 61_000 }; // prettier-ignore

    test("methods, outcomes, the host; no path", () => {
      const told = dissect(http, [{ ...up, sourcePort: 61_000 }, down]);
      expect(told.recognised).toBe(2);
      expect(told.identities).toEqual([
        "source capability=HTTP/2",
        "destination name=www.example.com",
        "destination name=plc9.lan",
      ]);
      expect(names(told)).toEqual([
        "request GET",
        "request GET",
        "request POST",
        "response GET",
        "response GET",
        "error POST",
      ]);
      expect(told.weirds).toEqual([]);
    });

    test("bears damage and cuts", () => {
      endure(http, [up]);
      splitEverywhere(http, up);
    });
  });

  test("what is not HTTP is not claimed", () => {
    expect(dissect(http, [ask("OPTIONS sip:a@b SIP/2.0", "", "")]).recognised).toBe(1);
    expect(dissect(http, [ask("GET lost", "", "")]).answers).toEqual([-1]);
  });

  test("bears damage and cuts", () => {
    endure(http, [get, ok]);
    splitEverywhere(http, get);
  });
});

describe("SSDP", () => {
  const alive: Sent = {
    bytes: text("NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "NT: urn:schemas-upnp-org:device:Printer:1", "NTS: ssdp:alive", "SERVER: Linux/5.4 UPnP/1.0 Example/7", "", ""), // prettier-ignore
  };
  const search: Sent = { bytes: text("M-SEARCH * HTTP/1.1", 'MAN: "ssdp:discover"', "ST: ssdp:all", "USER-AGENT: Example/1", "", "") }; // prettier-ignore

  test("announcement and search", () => {
    const told = dissect(ssdp, [alive, search]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source capability=schemas-upnp-org:device:Printer:1",
      "source server-software=Linux/5.4 UPnP/1.0 Example/7",
      "source user-agent=Example/1",
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["event", 2],
      ["request", 1],
    ]);
  });

  test("bears damage", () => endure(ssdp, [alive, search]));
});
