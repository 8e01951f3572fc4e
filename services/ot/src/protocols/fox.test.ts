import { expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { OTHER, fox } from "./fox.ts";

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, "latin1"));
const hello = text(`fox a 1 -1 fox hello
{
fox.version=s:1.0
id=i:1
hostName=s:ews-7
hostAddress=s:192.0.2.7
app.name=s:Workbench
app.version=s:3.8.1
os.name=s:Windows 10
os.version=s:10.0
hostId=s:Win-1234-ABCD
};;
`);
const answer = text(`fox a 1 -1 fox hello
{
fox.version=s:1.0
hostName=s:192.0.2.15
app.name=s:Station
app.version=s:3.8.1
os.name=s:QNX
os.version=s:6.4.1
station.name=s:Plant_North
hostId=s:Qnx-NPM6-0000-0000-0001
sysInfo=o:bog 12[<bo>\n};;\n}{v]
};;
`);
const challenge = text("fox a 1 -1 fox challenge\n{\nmethod=s:basic\nnonce=b:5[\n};;\n]\n};;\n");
const login = text("fox a 2 -1 fox login\n{\nusername=s:someone\npassword=s:secret\n};;\n");
const read = text("fox r 5 -1 station sync\n{\nord=s:x\n};;\n");

test("OST-T02: the hello of each side is name, application, system and role", () => {
  const told = dissect(fox, [{ bytes: hello }, { bytes: answer, fromClient: false }]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 1],
    ["request", 1],
  ]);
  expect(told.identities).toEqual([
    "source name=ews-7",
    "source role=engineering-station",
    "source application=Niagara Workbench 3.8.1",
    "source os=Windows 10 10.0",
    "source serial=Win-1234-ABCD",
    "source application=Niagara Station 3.8.1",
    "source os=QNX 6.4.1",
    "source description=Plant_North",
    "source role=building-controller",
    "source serial=Qnx-NPM6-0000-0000-0001",
    "source vendor=Tridium",
    "source model=NPM6",
  ]);
  expect(told.weirds).toEqual([]);
});

test("a basic challenge is a login in clear text, of which nothing is told; other commands have their name", () => {
  const told = dissect(fox, [{ bytes: challenge, fromClient: false }, { bytes: login }, { bytes: read }]);
  expect(told.weaknesses).toEqual(["cleartext-login"]);
  expect(told.commands.map(({ code, label }) => [code, label])).toEqual([
    [2, undefined],
    [3, undefined],
    [OTHER, "station sync"],
  ]);
  expect(JSON.stringify(told)).not.toContain("secret");
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(fox, { messages: [hello, answer, challenge, login, read].map((bytes) => ({ bytes })), least: 8 });
});
