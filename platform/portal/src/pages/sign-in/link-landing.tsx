/** Where mailed and printed links arrive: says what the link is for, asks for what is needed, then signs in. */
import { useState, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "@yagura/server/shapes.ts";
import { api, setCsrf } from "../../api.ts";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { signInWords } from "../../messages/sign-in.ts";
import { Button } from "../../parts/button.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { ErrorBox, Loading } from "../../parts/notice.tsx";
import { addPasskey } from "../../passkeys.ts";
import { useGet } from "../../queries.ts";
import { useGo } from "../../url-state.ts";
import { Door } from "./door.tsx";
import { PASSWORD_RULE, type SignInAnswer } from "./answer.ts";
import { PasskeyError } from "./passkey-error.tsx";

interface LinkFacts {
  readonly kind: "invitation" | "reset" | "admin";
  readonly mail: string;
  readonly name?: string;
  readonly organisation: string | null;
  readonly provider: string;
  readonly needs: readonly ("name" | "password")[];
  readonly expiresAt: string;
}

interface LandingProps {
  readonly token: string;
  readonly answered: (answer: SignInAnswer) => Promise<void>;
  readonly enter: () => Promise<void>;
}
export function LinkLanding({ token, answered, enter }: LandingProps): ReactNode {
  const t = useWords(signInWords);
  const go = useGo();
  const path = `/api/v1/sign-in-links/${encodeURIComponent(token)}`;
  const [secure, setSecure] = useState(false);
  const link = useGet<LinkFacts>(path, undefined, { enabled: !secure });
  const taken = useTaken();
  if (secure) return <SecureStep enter={enter} />;
  if (link.data === undefined) {
    return (
      <Door title={t(link.error === null ? "link.reading" : "link.refused")}>
        {link.error === null ? <Loading rows={3} /> : <ErrorBox error={link.error} title={t("link.refused")} />}
        {link.error === null ? null : (
          <p className="door-links">
            <button type="button" className="button-link" onClick={() => go("/sign-in", { replace: true })}>
              {t("back")}
            </button>
          </p>
        )}
      </Door>
    );
  }
  const done = async (answer: SignInAnswer): Promise<void> => {
    if (answer.state === "signed-in" && (await taken())) setSecure(true);
    else await answered(answer);
  };
  return <LinkStep path={path} link={link.data} done={done} />;
}

/** Takes up the sign-in; tells whether the account has no way of its own to sign in the next time. */
function useTaken(): () => Promise<boolean> {
  const client = useQueryClient();
  return async () => {
    const me = await client.fetchQuery({
      queryKey: ["/api/v1/me", null],
      queryFn: () => api.get<Me>("/api/v1/me"),
      staleTime: 0,
    });
    setCsrf(me.csrf);
    return me.user !== null && !me.user.password && me.user.passkeys === 0;
  };
}

interface StepProps {
  readonly path: string;
  readonly link: LinkFacts;
  readonly done: (answer: SignInAnswer) => Promise<void>;
}
function LinkStep({ path, link, done }: StepProps): ReactNode {
  const t = useWords(signInWords);
  const format = useFormat();
  const { language } = useLanguage();
  const [byPasskey, setByPasskey] = useState(false);
  // A reset is about the password itself; whoever joins may choose a passkey in the next step.
  const mayChoose = link.needs.includes("password") && link.kind !== "reset";
  const asks = { name: link.needs.includes("name"), password: link.needs.includes("password") && !byPasskey };
  const form = useForm({
    initial: { name: link.name ?? "", password: "" },
    rules: {
      name: { maxLength: 120, optional: !asks.name },
      password: { ...PASSWORD_RULE, optional: !asks.password },
    },
    submit: async ({ name, password }) =>
      done(
        await api.post<SignInAnswer>(path, {
          language,
          ...(asks.name ? { name: name.trim() } : {}),
          ...(asks.password ? { password } : {}),
        }),
      ),
  });
  const { title, lead, action } = useLinkWords(link);
  return (
    <Door title={title} lead={lead}>
      <Form form={form} action={action}>
        {/* The password manager needs to know whose password it keeps. */}
        <div className="field">
          <label htmlFor="link-mail">{t("mail")}</label>
          <input id="link-mail" className="input" type="email" value={link.mail} readOnly autoComplete="username" />
        </div>
        {asks.name ? <TextField form={form} name="name" label={t("name")} autoComplete="name" /> : null}
        {asks.password ? (
          <TextField
            form={form}
            name="password"
            label={t("newPassword")}
            hint={t("passwordHint")}
            type="password"
            autoComplete="new-password"
          />
        ) : null}
      </Form>
      {mayChoose ? (
        <p className="door-links">
          <button type="button" className="button-link" onClick={() => setByPasskey(!byPasskey)}>
            {t(byPasskey ? "link.usePassword" : "link.usePasskey")}
          </button>
        </p>
      ) : null}
      <p className="door-links soft small">
        {t("link.expires", { when: `${format.instant(link.expiresAt)} ${format.zoneName}` })}
      </p>
    </Door>
  );
}

function useLinkWords(link: LinkFacts): { title: string; lead: string; action: string } {
  const t = useWords(signInWords);
  const organisation = link.organisation ?? link.provider;
  if (link.kind === "reset") return { title: t("link.reset"), lead: t("link.resetLead"), action: t("secure.password") };
  if (link.kind === "admin") return { title: t("link.admin"), lead: t("link.adminLead"), action: t("link.continue") };
  const lead =
    link.needs.length === 0
      ? t("link.joinLead", { organisation })
      : t("link.invitationLead", { provider: link.provider });
  return { title: t("link.invitation", { organisation }), lead, action: t("link.join") };
}

/** After a link without a password: how to come back. */
function SecureStep({ enter }: { readonly enter: () => Promise<void> }): ReactNode {
  const t = useWords(signInWords);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initial: { password: "" },
    rules: { password: PASSWORD_RULE },
    submit: async ({ password }) => {
      await api.post("/api/v1/me/password", { next: password });
      await enter();
    },
  });
  const passkey = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await addPasskey(t("passkey.name"));
      await enter();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Door title={t("secure.title")} lead={t("secure.lead")}>
      <div className="door-wide">
        <Button icon="key" kind="primary" busy={busy} onClick={() => void passkey()}>
          {t("secure.passkey")}
        </Button>
        <PasskeyError error={error} />
      </div>
      <p className="door-or">{t("or")}</p>
      <Form form={form} action={t("secure.password")}>
        <TextField
          form={form}
          name="password"
          label={t("newPassword")}
          hint={t("passwordHint")}
          type="password"
          autoComplete="new-password"
        />
      </Form>
      <p className="door-links">
        <button type="button" className="button-link" onClick={() => void enter()}>
          {t("secure.later")}
        </button>
      </p>
    </Door>
  );
}
