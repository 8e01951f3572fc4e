/** Sign-in: password, code, passkey, recovery code, forgotten password; or what a mailed link is for. */
import { useState, type ReactNode } from "react";
import { useRouterState } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "@yagura/server/shapes.ts";
import { api, setCsrf } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { signInWords } from "../../messages/sign-in.ts";
import { Button } from "../../parts/button.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { signInWithPasskey } from "../../passkeys.ts";
import { useGo, useSearchParams } from "../../url-state.ts";
import { Door } from "./door.tsx";
import { LinkLanding } from "./link-landing.tsx";
import type { SignInAnswer } from "./answer.ts";
import { PasskeyError } from "./passkey-error.tsx";

type Step = { readonly kind: "password" | "forgot" } | { readonly kind: "code"; readonly ticket: string };

export function Page(): ReactNode {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const link = /(?:^|&)link=([^&]+)/.exec(hash)?.[1];
  const [step, setStep] = useState<Step>({ kind: "password" });
  const enter = useEnter();
  const answered = async (answer: SignInAnswer): Promise<void> => {
    if (answer.state === "totp-needed") setStep({ kind: "code", ticket: answer.ticket ?? "" });
    else await enter();
  };
  if (step.kind === "code")
    return <CodeStep ticket={step.ticket} enter={enter} back={() => setStep({ kind: "password" })} />;
  if (link !== undefined)
    return <LinkLanding key={link} token={decodeURIComponent(link)} answered={answered} enter={enter} />;
  if (step.kind === "forgot") return <ForgotStep back={() => setStep({ kind: "password" })} />;
  return <PasswordStep answered={answered} enter={enter} forgot={() => setStep({ kind: "forgot" })} />;
}

/** Takes up the new sign-in and goes where the reader wanted to be. */
function useEnter(): () => Promise<void> {
  const client = useQueryClient();
  const go = useGo();
  const { next } = useSearchParams();
  return async () => {
    client.clear();
    const me = await client.fetchQuery({ queryKey: ["/api/v1/me", null], queryFn: () => api.get<Me>("/api/v1/me") });
    setCsrf(me.csrf);
    // Only addresses of this portal: `//elsewhere` would leave it.
    go(next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/", { replace: true });
  };
}

interface PasswordProps {
  readonly answered: (answer: SignInAnswer) => Promise<void>;
  readonly enter: () => Promise<void>;
  readonly forgot: () => void;
}
function PasswordStep({ answered, enter, forgot }: PasswordProps): ReactNode {
  const t = useWords(signInWords);
  const form = useForm({
    initial: { mail: "", password: "" },
    rules: { mail: { format: "email", maxLength: 254 }, password: { maxLength: 400 } },
    submit: async ({ mail, password }) =>
      answered(await api.post<SignInAnswer>("/api/v1/sign-in", { mail: mail.trim(), password })),
  });
  return (
    <Door title={t("title")}>
      <Form form={form} action={t("submit")}>
        <TextField form={form} name="mail" label={t("mail")} type="email" autoComplete="username webauthn" />
        <TextField form={form} name="password" label={t("password")} type="password" autoComplete="current-password" />
      </Form>
      <p className="door-or">{t("or")}</p>
      <PasskeyButton enter={enter} />
      <p className="door-links">
        <button type="button" className="button-link" onClick={forgot}>
          {t("forgot")}
        </button>
      </p>
    </Door>
  );
}

function PasskeyButton({ enter }: { readonly enter: () => Promise<void> }): ReactNode {
  const t = useWords(signInWords);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await signInWithPasskey();
      await enter();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <div className="door-wide">
      <Button icon="key" busy={busy} onClick={() => void run()}>
        {t("passkey")}
      </Button>
      <PasskeyError error={error} />
    </div>
  );
}

function CodeStep({
  ticket,
  enter,
  back,
}: {
  readonly ticket: string;
  readonly enter: () => Promise<void>;
  readonly back: () => void;
}): ReactNode {
  const t = useWords(signInWords);
  const [recovery, setRecovery] = useState(false);
  const form = useForm({
    initial: { code: "" },
    rules: { code: recovery ? { minLength: 6, maxLength: 40 } : { pattern: /^\s*[0-9]{3} ?[0-9]{3}\s*$/ } },
    submit: async ({ code }) => {
      const plain = recovery ? code.trim() : code.replaceAll(/\s/g, "");
      await api.post<SignInAnswer>("/api/v1/sign-in/totp", { ticket, code: plain });
      await enter();
    },
  });
  const swap = (): void => {
    setRecovery(!recovery);
    form.reset({ code: "" });
  };
  return (
    <Door title={t("code.title")} lead={t(recovery ? "recovery.lead" : "code.lead")}>
      <Form form={form} action={t("submit")}>
        <TextField
          key={recovery ? "recovery" : "code"}
          form={form}
          name="code"
          label={t(recovery ? "recovery.label" : "code.label")}
          autoComplete={recovery ? "off" : "one-time-code"}
          inputMode={recovery ? "text" : "numeric"}
          mono
        />
      </Form>
      <p className="door-links">
        <button type="button" className="button-link" onClick={swap}>
          {t(recovery ? "code.app" : "code.recovery")}
        </button>
      </p>
      <p className="door-links">
        <button type="button" className="button-link" onClick={back}>
          {t("back")}
        </button>
      </p>
    </Door>
  );
}

function ForgotStep({ back }: { readonly back: () => void }): ReactNode {
  const t = useWords(signInWords);
  const [sent, setSent] = useState<string | null>(null);
  const form = useForm({
    initial: { mail: "" },
    rules: { mail: { format: "email", maxLength: 254 } },
    submit: async ({ mail }) => {
      await api.post("/api/v1/password-reset", { mail: mail.trim() });
      setSent(mail.trim());
    },
  });
  return (
    <Door title={t("forgot.title")} lead={sent === null ? t("forgot.lead") : undefined}>
      {sent === null ? (
        <Form form={form} action={t("forgot.submit")}>
          <TextField form={form} name="mail" label={t("mail")} type="email" autoComplete="username" />
        </Form>
      ) : (
        <Banner state="good">{t("forgot.sent", { mail: sent })}</Banner>
      )}
      <p className="door-links">
        <button type="button" className="button-link" onClick={back}>
          {t("back")}
        </button>
      </p>
    </Door>
  );
}
