/** Signing in by link, password, code and recovery code, and everything that must be refused. */
import { Secret } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { softwareAuthenticator } from "@yagura/testkit/authenticator.ts";
import { PASSWORD, PUBLIC_URL, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import type { SignIn } from "./shapes.ts";
import { newSignInLink } from "./setup.ts";
import { codeAt } from "./totp.ts";

let server: TestServer;
let organisation: string;
beforeAll(async () => {
  server = await testServer();
  organisation = (await server.organisation("Sign-in")).id;
});
afterAll(() => server.stop());

const HOUR = 3_600_000;
const members = (): string => `/api/v1/organisations/${organisation}/members`;

async function invite(mail: string): Promise<{ id: string; link: string }> {
  const made = await server.admin.post<{ id: string }>(members(), {
    mail,
    name: "Guest",
    role: "viewer",
    language: "en",
  });
  return { id: made.body.id, link: (await server.mailTo(mail)).link };
}
const accept = (client: Client, link: string, body: object = { name: "Guest", password: PASSWORD }) =>
  client.post<{ state: string; code: string; ticket: string }>(`/api/v1/sign-in-links/${link}`, body);
const signIn = (client: Client, mail: string, password = PASSWORD) =>
  client.post<{ state: string; code: string; ticket: string }>("/api/v1/sign-in", { mail, password });

describe("the first administrator", () => {
  test("is signed in by the printed link and sees the provider's own organisation", async () => {
    const me = await server.admin.me();
    expect(me.providerRole).toBe("provider-admin");
    expect(me.organisations[0]).toMatchObject({ id: server.internal, internal: true, role: "provider-admin" });
    expect(me.scopes).toContain("staff.write");
  });

  test("gets a lost link again from the command line; the one before no longer works", async () => {
    const first = (await newSignInLink(server.platform)).split("#link=")[1] ?? "";
    const second = (await newSignInLink(server.platform)).split("#link=")[1] ?? "";
    expect((await accept(server.client(), first, {})).body.code).toBe("LINK_REVOKED");
    const again = server.client();
    expect((await accept(again, second, {})).body.state).toBe("signed-in");
    expect((await again.me()).providerRole).toBe("provider-admin");
    await expect(newSignInLink(server.platform, "nobody@provider.test")).rejects.toMatchObject({
      code: "STAFF_UNKNOWN",
    });
  });
});

describe("an account without a password", () => {
  test("sets its first one whenever it likes; with a passkey only after a young sign-in", async () => {
    const mail = "first@provider.test";
    await server.admin.post("/api/v1/provider/staff", { mail, role: "provider-support" });
    const person = server.client();
    await accept(person, (await newSignInLink(server.platform, mail)).split("#link=")[1] ?? "", {});
    expect((await person.me()).user?.password).toBe(false);
    const key = softwareAuthenticator();
    const begun = await person.post<{ options: { challenge: string; rp: { id: string } } }>(
      "/api/v1/me/passkeys/options",
    );
    const response = key.create(begun.body.options, PUBLIC_URL);
    const made = await person.post<{ id: string }>("/api/v1/me/passkeys", { name: "key", response });
    server.clock.advance(HOUR);
    const refused = await person.post<{ code: string }>("/api/v1/me/password", { next: PASSWORD });
    expect([refused.status, refused.body.code]).toEqual([403, "SIGN_IN_AGAIN"]);
    const kept = await person.delete<{ code: string }>(`/api/v1/me/passkeys/${made.body.id}`);
    expect(kept.body.code).toBe("SIGN_IN_AGAIN");
    await accept(person, (await newSignInLink(server.platform, mail)).split("#link=")[1] ?? "", {});
    expect((await person.post("/api/v1/me/password", { next: PASSWORD })).status).toBe(204);
    expect((await signIn(server.client(), mail)).body.state).toBe("signed-in");
  });
});

describe("login invitation (EXP-T08, EXP-04)", () => {
  test("the mail holds the link and its expiry; the link says what it needs; the member joins", async () => {
    const mail = "guest1@customer.test";
    const { link } = await invite(mail);
    const sent = await server.mailTo(mail);
    expect(sent.text).toContain("http://localhost:8480/sign-in#link=");
    expect(sent.text).toMatch(/Valid until: \d{4}-\d\d-\d\d \d\d:\d\d \(Asia\/Tokyo\)/);
    const guest = server.client();
    const about = await guest.get(`/api/v1/sign-in-links/${link}`);
    expect(about.body).toMatchObject({
      kind: "invitation",
      mail,
      organisation: "Sign-in",
      needs: ["name", "password"],
    });
    expect((await accept(guest, link)).body.state).toBe("signed-in");
    const me = await guest.me();
    expect(me.organisations).toMatchObject([{ id: organisation, role: "viewer" }]);
    expect(me.user).toMatchObject({ mail, password: true, totp: false });
  });

  test("a used link is refused with a clear error", async () => {
    const { link } = await invite("guest2@customer.test");
    await accept(server.client(), link);
    const again = await accept(server.client(), link);
    expect(again.status).toBe(410);
    expect(again.body.code).toBe("LINK_USED");
  });

  test("two uses at the same moment make one sign-in", async () => {
    const { link } = await invite("guest3@customer.test");
    const answers = await Promise.all([accept(server.client(), link), accept(server.client(), link)]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 410]);
  });

  test("an expired link is refused; the re-issued one works, the re-issue is in the audit log (EXP-04)", async () => {
    const mail = "guest4@customer.test";
    const { id, link } = await invite(mail);
    server.clock.advance(8 * 24 * HOUR);
    const late = await accept(server.client(), link);
    expect([late.status, late.body.code]).toEqual([410, "LINK_EXPIRED"]);
    const japanese = await server
      .client()
      .get<{ detail: string }>(`/api/v1/sign-in-links/${link}`, { "accept-language": "ja" });
    expect(japanese.body.detail).toContain("有効期限が切れました");
    await renewAdmin();
    const reissued = await server.admin.post(`${members()}/${id}/reissue`);
    expect(reissued.body).toMatchObject({ state: "invited" });
    expect((await accept(server.client(), link)).body.code).toBe("LINK_REVOKED");
    expect((await accept(server.client(), (await server.mailTo(mail)).link)).status).toBe(200);
    const log = await server.admin.get<{ items: { action: string; subject: string }[] }>(
      `/api/v1/organisations/${organisation}/audit`,
    );
    expect(log.body.items.map((entry) => entry.action)).toContain("member.reissue");
  });

  test("a withdrawn invitation is refused", async () => {
    const { id, link } = await invite("guest5@customer.test");
    await server.admin.delete(`${members()}/${id}`);
    expect((await accept(server.client(), link)).body.code).toBe("LINK_REVOKED");
  });

  test("invitations of two organisations for one new person, accepted at the same moment, make one account", async () => {
    const mail = "twice@customer.test";
    const links: string[] = [];
    for (const name of ["Here", "There"]) {
      const { id } = await server.organisation(name);
      await server.admin.post(`/api/v1/organisations/${id}/members`, { mail, role: "viewer" });
      links.push((await server.mailTo(mail)).link);
    }
    const people = links.map(() => server.client());
    const answers = await Promise.all(people.map((person, i) => accept(person, links[i] ?? "")));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    const me = await people[0]?.me();
    expect(me?.organisations.map((one) => one.name)).toEqual(["Here", "There"]);
  });

  test("an unknown link is 404", async () => {
    expect((await accept(server.client(), "x".repeat(43))).body.code).toBe("LINK_UNKNOWN");
  });

  test("an invitation never changes the password of somebody who has one", async () => {
    const other = await server.organisation("Second");
    await server.member(organisation, "both@customer.test", "viewer");
    await server.admin.post(`/api/v1/organisations/${other.id}/members`, { mail: "both@customer.test", role: "owner" });
    const { link } = await server.mailTo("both@customer.test");
    const about = await server.client().get<{ needs: string[] }>(`/api/v1/sign-in-links/${link}`);
    expect(about.body.needs).toEqual([]);
    await accept(server.client(), link, { name: "Mallory", password: "another password 77" });
    expect((await signIn(server.client(), "both@customer.test", "another password 77")).status).toBe(401);
    const person = server.client();
    expect((await signIn(person, "both@customer.test")).body.state).toBe("signed-in");
    const me = await person.me();
    expect(me.organisations.map((one) => [one.name, one.role])).toEqual([
      ["Second", "owner"],
      ["Sign-in", "viewer"],
    ]);
  });
});

/** The clock moved past the administrator's sign-in. */
async function renewAdmin(): Promise<void> {
  const token = (await newSignInLink(server.platform)).split("#link=")[1] ?? "";
  server.admin.cookie = null;
  server.admin.csrf = null;
  await accept(server.admin, token, {});
}

describe("password", () => {
  test.each([
    { name: "too short", password: "short-pass1", code: "PASSWORD_TOO_SHORT" },
    { name: "common", password: "password1234", code: "PASSWORD_COMMON" },
    { name: "a run", password: "123456789012", code: "PASSWORD_COMMON" },
    { name: "the mail address", password: "pwtest@customer.test", code: "PASSWORD_COMMON" },
    { name: "too long", password: "x9 ".repeat(80), code: "PASSWORD_TOO_LONG" },
  ])("$name is refused and the link stays usable", async ({ name, password, code }) => {
    const { link } = await invite(`pw-${name.replaceAll(" ", "-")}@customer.test`);
    const about = await server.client().get<{ mail: string }>(`/api/v1/sign-in-links/${link}`);
    const tried = password === "pwtest@customer.test" ? about.body.mail : password;
    expect((await accept(server.client(), link, { name: "P", password: tried })).body.code).toBe(code);
    expect((await accept(server.client(), link)).status).toBe(200);
  });

  test("a wrong password and an unknown account give the same answer", async () => {
    await server.member(organisation, "known@customer.test", "viewer");
    const wrong = await signIn(server.client(), "known@customer.test", "not the password");
    const unknown = await signIn(server.client(), "stranger@customer.test", "not the password");
    const strip = (body: object): object => ({ ...body, instance: "" });
    expect(strip(wrong.body)).toEqual(strip(unknown.body));
    expect(wrong.status).toBe(401);
  });

  test("an account is closed for a while after ten failures, from however many addresses", async () => {
    await server.member(organisation, "attacked@customer.test", "viewer");
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      statuses.push((await signIn(server.client(), "attacked@customer.test", `guess number ${i}`)).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    const right = await signIn(server.client(), "attacked@customer.test");
    expect([right.status, right.body.code]).toEqual([429, "TOO_MANY_ATTEMPTS"]);
    expect(Number(right.headers["retry-after"])).toBeGreaterThan(0);
    server.clock.advance(16 * 60_000);
    expect((await signIn(server.client(), "attacked@customer.test")).status).toBe(200);
  });

  test("changing it needs the present one, ends all other sign-ins and tells by mail", async () => {
    const mail = "change@customer.test";
    const here = await server.member(organisation, mail, "viewer");
    const there = server.client();
    await signIn(there, mail);
    expect(
      (
        await here.post<{ code: string }>("/api/v1/me/password", {
          current: "wrong one here",
          next: "brand new password 1!",
        })
      ).body.code,
    ).toBe("PASSWORD_WRONG");
    expect((await here.post("/api/v1/me/password", { current: PASSWORD, next: "brand new passphrase 9" })).status).toBe(
      204,
    );
    expect((await there.get("/api/v1/me/sign-ins")).status).toBe(401);
    expect((await here.get("/api/v1/me/sign-ins")).status).toBe(200);
    expect((await server.mailTo(mail)).text).toContain("the password was changed");
    expect((await signIn(server.client(), mail, "brand new passphrase 9")).status).toBe(200);
  });

  test("reset by mail: the same answer for everybody, one use, old sign-ins end", async () => {
    const mail = "reset@customer.test";
    const here = await server.member(organisation, mail, "viewer");
    const known = await server.client().post("/api/v1/password-reset", { mail });
    const unknown = await server.client().post("/api/v1/password-reset", { mail: "nobody@customer.test" });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(202);
    await expect(server.mailTo("nobody@customer.test")).rejects.toThrow("no mail");
    const { link } = await server.mailTo(mail);
    expect(
      (await server.client().get<{ kind: string; needs: string[] }>(`/api/v1/sign-in-links/${link}`)).body,
    ).toMatchObject({ kind: "reset", needs: ["password"] });
    expect((await accept(server.client(), link, { password: "a fresh passphrase 3" })).body.state).toBe("signed-in");
    expect((await accept(server.client(), link, { password: "a fresh passphrase 4" })).body.code).toBe("LINK_USED");
    expect((await here.get("/api/v1/me/sign-ins")).status).toBe(401);
    expect((await signIn(server.client(), mail)).status).toBe(401);
  });
});

describe("authenticator app", () => {
  async function withApp(mail: string): Promise<{ person: Client; seed: Buffer; codes: string[] }> {
    const person = await server.member(organisation, mail, "viewer");
    const begun = await person.post<{ secret: string; uri: string; qr: string }>("/api/v1/me/totp");
    expect(begun.body.uri).toContain("otpauth://totp/");
    expect(begun.body.qr).toContain("<svg");
    const seed = Buffer.from(Secret.fromBase32(begun.body.secret).buffer);
    expect((await person.post("/api/v1/me/totp/confirm", { code: "000000" })).status).toBe(422);
    const confirmed = await person.post<{ recoveryCodes: string[] }>("/api/v1/me/totp/confirm", {
      code: codeAt(seed, server.clock.now()),
    });
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    return { person, seed, codes: confirmed.body.recoveryCodes };
  }
  const second = (client: Client, ticket: string, code: string) =>
    client.post<{ state: string; code: string }>("/api/v1/sign-in/totp", { ticket, code });

  test("the code is asked for, wrong ones are refused, a code works once", async () => {
    const mail = "totp@customer.test";
    const { seed } = await withApp(mail);
    server.clock.advance(60_000);
    const person = server.client();
    const half = await signIn(person, mail);
    expect(half.body.state).toBe("totp-needed");
    expect(person.cookie).toBeNull();
    const code = codeAt(seed, server.clock.now());
    expect((await second(person, half.body.ticket, code === "123456" ? "654321" : "123456")).body.code).toBe(
      "CODE_REFUSED",
    );
    expect((await second(person, half.body.ticket, code)).body.state).toBe("signed-in");
    expect((await second(person, half.body.ticket, code)).body.code).toBe("TICKET_REFUSED");
    const replay = await signIn(server.client(), mail);
    expect((await second(server.client(), replay.body.ticket, code)).body.code).toBe("CODE_REFUSED");
    server.clock.advance(30_000);
    expect((await second(server.client(), replay.body.ticket, codeAt(seed, server.clock.now()))).status).toBe(200);
  });

  test("codes are not guessed: after ten failures the account waits", async () => {
    const mail = "totpguess@customer.test";
    const { seed } = await withApp(mail);
    server.clock.advance(60_000);
    const half = await signIn(server.client(), mail);
    const right = codeAt(seed, server.clock.now());
    for (let i = 0; i < 10; i++) {
      const guess = String(i).padStart(6, "0");
      if (guess !== right) expect((await second(server.client(), half.body.ticket, guess)).status).toBe(401);
    }
    expect((await second(server.client(), half.body.ticket, right)).body.code).toBe("TOO_MANY_ATTEMPTS");
    server.clock.advance(16 * 60_000);
    expect((await second(server.client(), half.body.ticket, codeAt(seed, server.clock.now()))).body.code).toBe(
      "TICKET_REFUSED",
    );
  });

  test("a recovery code stands in, once; case and hyphens do not matter", async () => {
    const mail = "recovery@customer.test";
    const { codes } = await withApp(mail);
    const [first = "", other = ""] = codes;
    const half = await signIn(server.client(), mail);
    const person = server.client();
    expect((await second(person, half.body.ticket, first.toUpperCase().replaceAll("-", " "))).body.state).toBe(
      "signed-in",
    );
    expect((await person.me()).user?.recoveryCodesLeft).toBe(9);
    const again = await signIn(server.client(), mail);
    expect((await second(server.client(), again.body.ticket, first)).body.code).toBe("CODE_REFUSED");
    expect((await second(server.client(), again.body.ticket, other)).body.state).toBe("signed-in");
  });

  test("removing it and new recovery codes need the password; a reset link does not get around the code", async () => {
    const mail = "remove@customer.test";
    const { person, codes } = await withApp(mail);
    await server.client().post("/api/v1/password-reset", { mail });
    const { link } = await server.mailTo(mail);
    const reset = await accept(server.client(), link, { password: "another passphrase 5" });
    expect(reset.body.state).toBe("totp-needed");
    const back = server.client();
    expect((await second(back, reset.body.ticket, codes[0] ?? "")).body.state).toBe("signed-in");
    expect((await person.get("/api/v1/me/sign-ins")).status).toBe(401);
    expect((await back.delete<{ code: string }>("/api/v1/me/totp", { password: PASSWORD })).body.code).toBe(
      "PASSWORD_WRONG",
    );
    const fresh = await back.post<{ recoveryCodes: string[] }>("/api/v1/me/recovery-codes", {
      password: "another passphrase 5",
    });
    expect(fresh.body.recoveryCodes).not.toContain(codes[1]);
    expect((await back.delete("/api/v1/me/totp", { password: "another passphrase 5" })).status).toBe(204);
    expect((await signIn(server.client(), mail, "another passphrase 5")).body.state).toBe("signed-in");
  });

  test("seeds are sealed at rest", async () => {
    const { seed, person } = await withApp("sealed@customer.test");
    const user = (await person.me()).user?.id ?? "";
    const row = await server.platform.store.provider((tx) =>
      tx
        .withTables<{ "server.app_user": { id: string; totp_sealed: Buffer } }>()
        .selectFrom("server.app_user" as never)
        .selectAll()
        .where("id" as never, "=", user as never)
        .executeTakeFirstOrThrow(),
    );
    const sealed = (row as { totp_sealed: Buffer }).totp_sealed;
    expect(sealed.includes(seed)).toBe(false);
    expect(server.platform.keys.open(sealed, `totp:${user}`).equals(seed)).toBe(true);
    expect(() => server.platform.keys.open(sealed, "totp:somebody-else")).toThrow("seal key");
  });
});

describe("sign-ins", () => {
  test("are listed, revoked one by one and all together", async () => {
    const mail = "list@customer.test";
    const here = await server.member(organisation, mail, "viewer");
    const [a, b] = [server.client(), server.client()];
    await signIn(a, mail);
    await signIn(b, mail);
    const list = await here.get<SignIn[]>("/api/v1/me/sign-ins");
    expect(list.body).toHaveLength(3);
    expect(list.body.filter((one) => one.current)).toHaveLength(1);
    const mine = (await a.get<SignIn[]>("/api/v1/me/sign-ins")).body.find((one) => one.current);
    expect((await here.delete(`/api/v1/me/sign-ins/${mine?.id}`)).status).toBe(204);
    expect((await a.get("/api/v1/me/sign-ins")).status).toBe(401);
    expect((await here.delete("/api/v1/me/sign-ins")).status).toBe(204);
    expect((await b.get("/api/v1/me/sign-ins")).status).toBe(401);
    expect((await here.get<SignIn[]>("/api/v1/me/sign-ins")).body).toHaveLength(1);
  });

  test("somebody else's sign-in is not found", async () => {
    const one = await server.member(organisation, "one@customer.test", "viewer");
    const two = await server.member(organisation, "two@customer.test", "viewer");
    const theirs = (await one.get<SignIn[]>("/api/v1/me/sign-ins")).body[0]?.id ?? "";
    expect((await two.delete(`/api/v1/me/sign-ins/${theirs}`)).status).toBe(404);
  });

  test("end by sign-out, by idleness and by age", async () => {
    const mail = "ends@customer.test";
    const person = await server.member(organisation, mail, "viewer");
    expect((await person.post("/api/v1/sign-out")).status).toBe(204);
    expect(person.cookie).toBeNull();
    await signIn(person, mail);
    const { cookie } = person;
    server.clock.advance(13 * HOUR);
    expect((await person.get("/api/v1/me/sign-ins")).status).toBe(401);
    await signIn(person, mail);
    expect(person.cookie).not.toBe(cookie);
    for (let day = 0; day < 13 * 3; day++) {
      server.clock.advance(8 * HOUR);
      expect((await person.get("/api/v1/me/sign-ins")).status).toBe(200);
    }
    server.clock.advance(8 * HOUR);
    server.clock.advance(8 * HOUR);
    server.clock.advance(8 * HOUR);
    expect((await person.get("/api/v1/me/sign-ins")).status).toBe(401);
    await renewAdmin();
  });

  test("the cookie is closed to scripts and to other sites, and only its hash is stored", async () => {
    const person = await server.member(organisation, "cookie@customer.test", "viewer");
    const answer = await signIn(server.client(), "cookie@customer.test");
    const cookie = String(answer.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const { rows } = await dump("server.session");
    expect(JSON.stringify(rows)).not.toContain(person.cookie);
  });
});

async function dump(table: string): Promise<{ rows: unknown[] }> {
  return server.platform.store.provider(async (tx) => ({
    rows: await tx
      .withTables<Record<string, Record<string, unknown>>>()
      .selectFrom(table as never)
      .selectAll()
      .execute(),
  }));
}
