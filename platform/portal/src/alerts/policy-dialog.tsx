/** The steps of the escalation: minutes without anybody taking the incident, from which severity on, and who is told. */
import { useState, type ReactNode } from "react";
import type { Channel, Policy } from "@yagura/alerts/shapes.ts";
import { api, type ApiError } from "../api.ts";
import { useLanguage, useWords } from "../language.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorBox } from "../parts/notice.tsx";
import { useRefresh } from "../queries.ts";
import { useOrganisation } from "../session.tsx";
import { channelName } from "./channel-name.ts";
import { severities } from "./parts.tsx";
import { words } from "./words.ts";

const MOST_STEPS = 5;
type Step = Policy["steps"][number];
/** A step in the dialog: `id` keeps its fields together while steps come and go. */
interface Drafted extends Step {
  readonly id: string;
}
const bare = ({ after, channels, minimumSeverity }: Step): Step => ({ after, channels, minimumSeverity });
const draft = (step: Step): Drafted => ({ ...step, id: crypto.randomUUID() });

interface PolicyDialogProps {
  readonly policy: Policy;
  readonly channels: readonly Channel[];
  readonly close: () => void;
}
export function PolicyDialog({ policy, channels, close }: PolicyDialogProps): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const refresh = useRefresh();
  const [steps, setSteps] = useState<readonly Drafted[]>(() => policy.steps.map(draft));
  const [error, setError] = useState<ApiError | null>(null);
  const put = (at: number, change: Partial<Step>): void =>
    setSteps(steps.map((step, i) => (i === at ? { ...step, ...change } : step)));
  const save = async (): Promise<void> => {
    try {
      await api.put(here.api("/alert-policy"), { steps: steps.map(bare) });
      refresh([here.api("/alert-policy")]);
      close();
    } catch (cause) {
      setError(cause as ApiError);
    }
  };
  const last = steps.at(-1)?.after ?? -15;
  return (
    <Dialog title={t("policy.change")} close={close} wide>
      {steps.map((step, i) => (
        <StepFields
          key={step.id}
          step={step}
          number={i + 1}
          channels={channels}
          put={(change) => put(i, change)}
          remove={() => setSteps(steps.filter((_, at) => at !== i))}
        />
      ))}
      {error === null ? null : <ErrorBox error={error} />}
      <div className="dialog-actions">
        {steps.length < MOST_STEPS ? (
          <Button
            icon="plus"
            onClick={() => setSteps([...steps, draft({ after: last + 15, channels: [], minimumSeverity: "critical" })])}
          >
            {t("step.add")}
          </Button>
        ) : null}
        <Button kind="primary" onClick={() => void save()}>
          {t("save")}
        </Button>
      </div>
    </Dialog>
  );
}

interface StepFieldsProps {
  readonly step: Step;
  readonly number: number;
  readonly channels: readonly Channel[];
  readonly put: (change: Partial<Step>) => void;
  readonly remove: () => void;
}
function StepFields({ step, number, channels, put, remove }: StepFieldsProps): ReactNode {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <fieldset className="field">
      <legend>{step.after === 0 ? t("step.at0") : t("step.after", { n: String(step.after) })}</legend>
      <label>
        {t("step.minutes")}{" "}
        <input
          className="input"
          type="number"
          min={0}
          max={10_080}
          value={step.after}
          onChange={(event) => put({ after: Number(event.target.value) })}
        />
      </label>{" "}
      <label>
        {t("least")}{" "}
        <select
          className="input"
          value={step.minimumSeverity}
          onChange={(event) => put({ minimumSeverity: event.target.value as Step["minimumSeverity"] })}
        >
          {severities.map((each) => (
            <option key={each} value={each}>
              {t(`severity.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <div className="check-grid">
        {channels.map((channel) => (
          <label key={channel.id} className="check">
            <input
              type="checkbox"
              checked={step.channels.includes(channel.id)}
              onChange={(event) =>
                put({
                  channels: event.target.checked
                    ? [...step.channels, channel.id]
                    : step.channels.filter((id) => id !== channel.id),
                })
              }
            />
            {channelName(channel.name, language)}
          </label>
        ))}
      </div>
      {step.channels.length === 0 ? <p className="field-hint">{t("step.all")}</p> : null}
      <Button kind="quiet" onClick={remove}>
        {t("step.remove", { n: String(number) })}
      </Button>
    </fieldset>
  );
}
