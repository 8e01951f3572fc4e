/** Install invitations: send, issue again, revoke; the key is shown once with the command and the manual. */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, NumberField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Secret } from "@yagura/portal/parts/secret.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { manageWords } from "../words-manage.ts";
import { useService, type Agent, type InstallInvitation } from "./data.ts";

/** In one sentence: how the invitation of an agent stands. */
export function useInvitationText(): (agent: Agent) => string {
  const m = useWords(manageWords);
  const format = useFormat();
  return ({ invitation }) => {
    if (invitation === null) return m("invitation.none");
    const until = format.instant(invitation.expiresAt);
    if (invitation.state === "open") return m("invitation.open", { until });
    return invitation.state === "expired" ? m("invitation.expired", { until }) : m(`invitation.${invitation.state}`);
  };
}

/** Asks where to send and for how long; then shows the key. */
export function InviteDialog({ agent, close }: { readonly agent: Agent; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const service = useService<InstallInvitation>();
  const [made, setMade] = useState<{ readonly invitation: InstallInvitation; readonly mail: string } | null>(null);
  const form = useForm({
    initial: { mail: agent.holder.mail ?? "", days: "14" },
    rules: {
      mail: { format: "email", maxLength: 254, optional: true },
      days: { type: "integer", minimum: 1, maximum: 90 },
    },
    submit: async (values) => {
      const mail = values.mail.trim();
      const body = { ...(mail === "" ? {} : { mail }), days: Number(values.days) };
      const invitation = await service.mutateAsync({ method: "post", path: `/agents/${agent.id}/invitation`, body });
      setMade({ invitation, mail });
    },
  });
  if (made !== null) return <KeyDialog {...made} close={close} />;
  const again = agent.invitation !== null;
  const title = `${m(again ? "invitation.reissue" : "invitation.send")}: ${agent.label}`;
  return (
    <Dialog title={title} close={close}>
      {again && <p>{m("invitation.reissueText")}</p>}
      {agent.deviceId !== null && <p>{m("invitation.replaceText")}</p>}
      <Form form={form} action={m(again ? "invitation.reissue" : "invitation.send")} cancel={close} label={title}>
        <TextField form={form} name="mail" type="email" label={m("invitation.mail")} hint={m("invitation.mailHint")} />
        <NumberField form={form} name="days" label={m("invitation.days")} unit={m("invitation.day")} />
      </Form>
    </Dialog>
  );
}

interface KeyDialogProps {
  readonly invitation: InstallInvitation;
  /** Where it was sent; empty: nowhere. */
  readonly mail: string;
  readonly close: () => void;
}
export function KeyDialog({ invitation, mail, close }: KeyDialogProps): ReactNode {
  const m = useWords(manageWords);
  const format = useFormat();
  return (
    <Dialog title={m("invitation.ready")} close={close} wide>
      <p>
        {m("invitation.readyText", { until: format.instant(invitation.expiresAt) })}{" "}
        {mail !== "" && m("invitation.mailed", { mail })}
      </p>
      <Secret label={m("invitation.key")} text={invitation.key} />
      <Secret label={m("invitation.command")} text={invitation.command} note={m("invitation.commandNote")} />
      <p>
        <a href={invitation.manualUrl} target="_blank" rel="noreferrer">
          {m("invitation.manual")}
        </a>
      </p>
      <div className="dialog-actions">
        <Button kind="primary" onClick={close}>
          {m("invitation.done")}
        </Button>
      </div>
    </Dialog>
  );
}

export function WithdrawDialog({ agent, close }: { readonly agent: Agent; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService();
  return (
    <ConfirmDialog
      title={`${m("invitation.revoke")}: ${agent.label}`}
      consequences={[m("invitation.revokeText")]}
      action={m("invitation.revoke")}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "delete", path: `/agents/${agent.id}/invitation` });
        toast(m("invitation.revoked"));
      }}
    />
  );
}
