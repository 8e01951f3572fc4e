/** One's own account: profile, password, authenticator app, recovery codes, passkeys, sign-ins. */
import { useState, type ReactNode } from "react";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { accountWords } from "../../messages/account.ts";
import { shell } from "../../messages/shell.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, LanguageField, TextField, useForm } from "../../parts/form.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useMe } from "../../session.tsx";
import { PASSWORD_RULE } from "../sign-in/answer.ts";
import { Passkeys } from "./passkeys.tsx";
import { RecoveryCodes, Totp } from "./second-step.tsx";
import { SignIns } from "./sign-ins.tsx";

export function Page(): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  return (
    <Frame title={t("title")} narrow>
      <Tabs
        label={t("title")}
        tabs={[
          { id: "profile", label: t("profile.title"), content: <Profile /> },
          { id: "security", label: t("security.title"), content: <Security totp={user.totp} /> },
          { id: "sign-ins", label: t("signIns.title"), content: <SignIns /> },
        ]}
      />
    </Frame>
  );
}

const Security = ({ totp }: { readonly totp: boolean }): ReactNode => (
  <>
    <Password />
    <Totp />
    {totp ? <RecoveryCodes /> : null}
    <Passkeys />
  </>
);

function Profile(): ReactNode {
  const t = useWords(accountWords);
  const say = useWords(shell);
  const { user } = useMe();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { name: user.name, language: user.language },
    rules: { name: { maxLength: 120 } },
    submit: ({ name, language }) => api.patch("/api/v1/me", { name: name.trim(), language }),
    done: () => {
      toast(say("saved"));
      refresh(["/api/v1/me"]);
    },
  });
  return (
    <Section title={t("profile.title")}>
      <Form form={form} action={say("save")} label={t("profile.title")}>
        <div className="field">
          <span className="soft">{t("mail")}</span>
          <span>{user.mail}</span>
        </div>
        <TextField form={form} name="name" label={t("name")} autoComplete="name" />
        <LanguageField form={form} label={t("language")} />
      </Form>
    </Section>
  );
}

function Password(): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  const [open, setOpen] = useState(false);
  const label = t(user.password ? "password.change" : "password.set");
  return (
    <Section title={t("password.title")} {...(user.password ? {} : { lead: t("password.none") })}>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {open ? <PasswordDialog title={label} close={() => setOpen(false)} /> : null}
    </Section>
  );
}

function PasswordDialog({ title, close }: { readonly title: string; readonly close: () => void }): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { current: "", next: "" },
    rules: { current: { maxLength: 400, optional: !user.password }, next: PASSWORD_RULE },
    submit: ({ current, next }) => api.post("/api/v1/me/password", { next, ...(user.password ? { current } : {}) }),
    done: () => {
      toast(t("password.done"));
      refresh(["/api/v1/me"]);
      close();
    },
  });
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={title} cancel={close}>
        <input
          className="unseen"
          type="email"
          autoComplete="username"
          value={user.mail}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        {user.password ? (
          <TextField
            form={form}
            name="current"
            label={t("password.current")}
            type="password"
            autoComplete="current-password"
          />
        ) : null}
        <TextField
          form={form}
          name="next"
          label={t("password.next")}
          hint={t("password.hint")}
          type="password"
          autoComplete="new-password"
        />
      </Form>
    </Dialog>
  );
}
