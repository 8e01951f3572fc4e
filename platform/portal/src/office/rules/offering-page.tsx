/** Which services can be ordered, what each still lacks, and the switch (COM-30). */
import { useId, useState, type ReactNode } from "react";
import type { Page as Listed } from "@yagura/server/shapes.ts";
import type { ActivityItem, MissingItem, OfferingItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Link } from "../../parts/link.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { navWords } from "../words/nav.ts";
import { usePlanName } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { reliefWords } from "../words/relief.ts";
import { ruleWords } from "../words/rules.ts";
import { HoursDialog } from "./hours-dialog.tsx";
import { OFFERING } from "./paths.ts";
import { PriceDialog } from "./price-dialog.tsx";
import { SettingDialog } from "./setting-dialog.tsx";
import { Suggestions, hasSuggestion } from "./suggestions.tsx";
import { useTellValue } from "./tell-value.ts";
import { WithdrawDialog } from "./withdraw-dialog.tsx";

interface Setting {
  readonly service: string;
  readonly missing: MissingItem;
}

/** Up to so many values the list is open from the start. */
const OPEN = 8;

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const n = useWords(navWords);
  const query = useGet<Listed<OfferingItem>>(OFFERING);
  const [setting, setSetting] = useState<Setting | null>(null);
  const [turning, setTurning] = useState<OfferingItem | null>(null);
  const [ending, setEnding] = useState<OfferingItem | null>(null);
  return (
    <Frame title={n("offering")} lead={t("offering.lead")}>
      <Loaded query={query} rows={12}>
        {({ items }) => (
          <>
            <Suggestions items={items} />
            {items.map((offering) => (
              <Service
                key={offering.service}
                offering={offering}
                set={(missing) => setSetting({ service: offering.service, missing })}
                turn={() => setTurning(offering)}
                end={() => setEnding(offering)}
              />
            ))}
          </>
        )}
      </Loaded>
      {setting === null ? null : <SetDialog {...setting} close={() => setSetting(null)} />}
      {ending === null ? null : <WithdrawDialog offering={ending} close={() => setEnding(null)} />}
      {turning === null ? null : <TurnDialog offering={turning} close={() => setTurning(null)} />}
    </Frame>
  );
}

interface ServiceProps {
  readonly offering: OfferingItem;
  readonly set: (missing: MissingItem) => void;
  readonly turn: () => void;
  readonly end: () => void;
}
function Service({ offering, set, turn, end }: ServiceProps): ReactNode {
  const t = useWords(ruleWords);
  const w = useWords(reliefWords);
  const say = useName();
  const tell = useTellValue();
  const planName = usePlanName();
  const format = useFormat();
  const { can } = useProvider();
  const { missing, offered, offeredFrom } = offering;
  const may = can("terms.write");
  /** The same item of several plans is told apart by the plan. */
  const nameOf = ({ key, kind, name }: MissingItem): string => {
    const twice = missing.filter((other) => other.name.en === name.en).length > 1;
    const [plan = ""] = key.replace(/^price:/, "").split("/");
    return kind === "price" && twice ? `${say(name)} / ${planName(offering.service, plan)}` : say(name);
  };
  const coming = !offered && offeredFrom !== null;
  return (
    <Section
      title={say(offering.name)}
      actions={
        <>
          {may && (offered || missing.length === 0) ? (
            <Button kind={offered ? "plain" : "primary"} onClick={turn}>
              {t(offered ? "offering.stop" : "offering.start")}
            </Button>
          ) : null}
          {can("contract.write") ? <Button onClick={end}>{w("withdraw")}</Button> : null}
        </>
      }
    >
      <p className="offering-state">
        <StateMark state={offered ? "good" : "unknown"} label={t(offered ? "offering.on" : "offering.off")} />
        {coming ? <span>{t("offering.from", { day: format.day(offeredFrom) })}</span> : null}
        <StateMark
          state={missing.length === 0 ? "good" : "notice"}
          label={missing.length === 0 ? t("offering.ready") : t("offering.missing", { n: missing.length })}
        />
      </p>
      {missing.length === 0 ? null : (
        <details open={missing.length <= OPEN}>
          <summary>{t("offering.needs")}</summary>
          {missing.filter(({ kind }) => kind === "price").length > OPEN ? (
            <p>
              <Link href="/provider/office/prices">{t("offering.book")}</Link>
            </p>
          ) : null}
          <ul className="row-list">
            {missing.map((each) => (
              <li key={each.key}>
                <span className="row-main">
                  {nameOf(each)}
                  <span className="fact-note">{say(each.hint)}</span>
                  {hasSuggestion(each) ? (
                    <span className="fact-note">
                      {t("offering.suggestion")}: {tell(each.key, each.suggestion, each.choices)}
                    </span>
                  ) : null}
                </span>
                {may ? <Button onClick={() => set(each)}>{t(`missing.${each.kind}`)}</Button> : null}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** The dialog that sets what is missing, by its kind. */
function SetDialog({ service, missing, close }: Setting & { readonly close: () => void }): ReactNode {
  const { key, suggestion } = missing;
  if (missing.kind === "price") {
    const [plan = "", item = ""] = key.replace(/^price:/, "").split("/");
    const amount = typeof suggestion === "number" ? suggestion : null;
    return (
      <PriceDialog price={{ service, plan, item, planName: null, itemName: missing.name, amount }} close={close} />
    );
  }
  if (missing.kind === "activity") {
    const activity = key.replace(/^activity:/, "");
    const suggested = suggestion as ActivityItem | null;
    return (
      <HoursDialog
        service={service}
        activity={activity}
        name={missing.name}
        {...(suggested === null ? {} : { now: suggested })}
        close={close}
      />
    );
  }
  const asked = { service, key, name: missing.name, hint: missing.hint, choices: missing.choices, value: suggestion };
  return <SettingDialog asked={asked} close={close} />;
}

/** On or off from a day; a day that is over is taken too, for contracts of the past that are entered now. */
function TurnDialog({ offering, close }: { readonly offering: OfferingItem; readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const say = useName();
  const format = useFormat();
  const refresh = useRefresh();
  const today = dayIn("Asia/Tokyo");
  const [from, setFrom] = useState(today);
  const id = useId();
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(from);
  const words = { day: format.day(valid ? from : today), service: say(offering.name) };
  const title = t(offering.offered ? "offering.stop" : "offering.start");
  return (
    <ConfirmDialog
      title={title}
      consequences={[
        offering.offered ? t("offering.stopText", words) : t("offering.startText", words),
        ...(valid && from < today ? [t("offering.past")] : []),
      ]}
      action={title}
      danger={offering.offered}
      close={close}
      run={async () => {
        const confirmed = from < today ? { confirmPast: true } : {};
        await api.post(`${OFFERING}/${offering.service}`, { offered: !offering.offered, from, ...confirmed });
        refresh([OFFERING]);
      }}
    >
      <div className="field">
        <label htmlFor={id}>{t("take.from")}</label>
        <input
          id={id}
          className="input"
          type="date"
          required
          value={from}
          aria-invalid={!valid}
          onChange={(event) => setFrom(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  );
}
