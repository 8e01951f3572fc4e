/** The authenticator app and its recovery codes. */
import { useState, type ReactNode } from "react";
import { api, saveFile } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { accountWords } from "../../messages/account.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Loaded } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { CopyButton } from "../../parts/secret.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiError } from "../../api.ts";
import { useMe } from "../../session.tsx";
import { PasswordProof, useProof } from "./proof.tsx";

type Codes = readonly string[];

export function Totp(): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  const refresh = useRefresh();
  const [open, setOpen] = useState<"set-up" | "remove" | null>(null);
  const [codes, setCodes] = useState<Codes | null>(null);
  const close = (): void => setOpen(null);
  return (
    <Section title={t("totp.title")}>
      <div className="stack">
        <StateMark state={user.totp ? "good" : "notice"} label={t(user.totp ? "totp.on" : "totp.off")} />
        <Button onClick={() => setOpen(user.totp ? "remove" : "set-up")}>
          {t(user.totp ? "totp.remove" : "totp.setUp")}
        </Button>
      </div>
      {open === "set-up" ? (
        <SetUpDialog
          close={close}
          done={(made) => {
            close();
            setCodes(made);
          }}
        />
      ) : null}
      {open === "remove" ? <RemoveDialog close={close} /> : null}
      {codes === null ? null : (
        <CodesDialog
          codes={codes}
          close={() => {
            setCodes(null);
            refresh(["/api/v1/me"]);
          }}
        />
      )}
    </Section>
  );
}

interface Started {
  readonly secret: string;
  readonly uri: string;
  /** SVG text. */
  readonly qr: string;
}
function SetUpDialog({
  close,
  done,
}: {
  readonly close: () => void;
  readonly done: (codes: Codes) => void;
}): ReactNode {
  const t = useWords(accountWords);
  const proof = useProof();
  const started = useQuery<Started, ApiError>({
    queryKey: ["totp-set-up"],
    queryFn: () => proof.asked(() => api.post<Started>("/api/v1/me/totp", {})),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const form = useForm({
    initial: { code: "" },
    rules: { code: { pattern: /^[0-9]{3} ?[0-9]{3}$/ } },
    submit: async ({ code }) => {
      const answer = await api.post<{ recoveryCodes: Codes }>("/api/v1/me/totp/confirm", {
        code: code.replaceAll(/\s/g, ""),
      });
      done(answer.recoveryCodes);
    },
  });
  const client = useQueryClient();
  const proving = useForm({
    initial: { password: "" },
    rules: { password: { maxLength: 400 } },
    submit: async ({ password }) => {
      client.setQueryData(["totp-set-up"], await api.post<Started>("/api/v1/me/totp", { password }));
    },
  });
  if (proof.needed && started.data === undefined) {
    return (
      <Dialog title={t("totp.setUp")} close={close}>
        <p>{started.error?.detail}</p>
        <Form form={proving} action={t("totp.setUp")} cancel={close}>
          <PasswordProof form={proving} />
        </Form>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("totp.setUp")} close={close}>
      <Loaded query={started} height="20rem">
        {(secret) => (
          <div className="stack">
            <p>{t("totp.scan")}</p>
            {/* As an image, so that markup from the server is never part of the page. */}
            <img className="qr" alt={t("totp.qr")} src={`data:image/svg+xml,${encodeURIComponent(secret.qr)}`} />
            <p className="small">
              {t("totp.secret")}: <code>{secret.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
            </p>
            <Form form={form} action={t("totp.confirm")} cancel={close}>
              <TextField
                form={form}
                name="code"
                label={t("totp.code")}
                inputMode="numeric"
                autoComplete="one-time-code"
                mono
              />
            </Form>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function RemoveDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(accountWords);
  const { user } = useMe();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { password: "" },
    rules: { password: { maxLength: 400, optional: !user.password } },
    submit: ({ password }) => api.delete("/api/v1/me/totp", user.password ? { password } : {}),
    done: () => {
      toast(t("totp.removed"));
      refresh(["/api/v1/me"]);
      close();
    },
  });
  return (
    <Dialog title={t("totp.remove")} close={close}>
      <p>{t("totp.removeText")}</p>
      <Form form={form} action={t("totp.remove")} kind="danger" cancel={close}>
        <PasswordProof form={form} />
      </Form>
    </Dialog>
  );
}

export function RecoveryCodes(): ReactNode {
  const t = useWords(accountWords);
  const format = useFormat();
  const { user } = useMe();
  const refresh = useRefresh();
  const [open, setOpen] = useState(false);
  const [codes, setCodes] = useState<Codes | null>(null);
  const left = user.recoveryCodesLeft;
  const form = useForm({
    initial: { password: "" },
    rules: { password: { maxLength: 400, optional: !user.password } },
    submit: async ({ password }) => {
      const answer = await api.post<{ recoveryCodes: Codes }>(
        "/api/v1/me/recovery-codes",
        user.password ? { password } : {},
      );
      setOpen(false);
      setCodes(answer.recoveryCodes);
    },
  });
  return (
    <Section title={t("recovery.title")}>
      <div className="stack">
        <p>{t("recovery.left", { n: format.number(left) })}</p>
        {left <= 3 ? <Banner>{t("recovery.few")}</Banner> : null}
        <Button onClick={() => setOpen(true)}>{t("recovery.new")}</Button>
      </div>
      {open ? (
        <Dialog title={t("recovery.new")} close={() => setOpen(false)}>
          <p>{t("recovery.newText", { n: format.number(left) })}</p>
          <Form form={form} action={t("recovery.new")} cancel={() => setOpen(false)}>
            <PasswordProof form={form} />
          </Form>
        </Dialog>
      ) : null}
      {codes === null ? null : (
        <CodesDialog
          codes={codes}
          close={() => {
            setCodes(null);
            refresh(["/api/v1/me"]);
          }}
        />
      )}
    </Section>
  );
}

function CodesDialog({ codes, close }: { readonly codes: Codes; readonly close: () => void }): ReactNode {
  const t = useWords(accountWords);
  const text = codes.join("\n");
  return (
    <Dialog title={t("recovery.title")} close={close}>
      <div className="stack">
        <p>{t("recovery.keep")}</p>
        <ul className="code-list">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="page-actions">
          <CopyButton text={text} />
          <Button
            icon="download"
            onClick={() => saveFile(new Blob([`${text}\n`], { type: "text/plain" }), "yagura-recovery-codes.txt")}
          >
            .txt
          </Button>
          <Button kind="primary" onClick={close}>
            {t("recovery.done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
