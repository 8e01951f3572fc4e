/** The control of the time range in the top bar. */
import { useId, useState, type ReactNode } from "react";
import { useFormat, useWords, useZone } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button, Menu } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { rangeWords } from "../time-range.ts";
import { useTimeRange } from "../use-time-range.tsx";
import { fromZoned, toZoned } from "../zoned.ts";

export function TimeRangeControl(): ReactNode {
  const t = useWords(shell);
  const range = useTimeRange();
  const [asking, setAsking] = useState(false);
  const items = [
    ...rangeWords.map((word) => ({
      label: t(`range.${word}`),
      checked: range.choice.kind === "last" && range.choice.word === word,
      run: () => range.set({ kind: "last", word }),
    })),
    { label: t("range.custom"), checked: range.choice.kind === "fixed", run: () => setAsking(true) },
  ];
  return (
    <>
      <Menu label={`${t("range.label")}: ${range.label}`} className="button button-plain range-button" items={items}>
        <Icon name="clock" />
        <span className="figures">{range.label}</span>
        <Icon name="down" size={12} />
      </Menu>
      {asking ? <RangeDialog close={() => setAsking(false)} /> : null}
    </>
  );
}

function RangeDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  const zone = useZone();
  const range = useTimeRange();
  const id = useId();
  // The ends as they were when the dialog opened: a live range must not move under the fingers.
  const [from, setFrom] = useState(() => toZoned(range.from, zone));
  const [to, setTo] = useState(() => toZoned(range.to, zone));
  const ends = { from: fromZoned(from, zone), to: fromZoned(to, zone) };
  const wrong = !(ends.from < ends.to);
  return (
    <Dialog title={t("range.custom")} close={close}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong) return;
          range.set({ kind: "fixed", ...ends });
          close();
        }}
      >
        <div className="field">
          <label htmlFor={`${id}from`}>{t("range.from")}</label>
          <input
            id={`${id}from`}
            className="input"
            type="datetime-local"
            step="1"
            value={from}
            onChange={(e) => setFrom(e.target.value)}
          />
        </div>
        <div className={wrong ? "field field-bad" : "field"}>
          <label htmlFor={`${id}to`}>{t("range.to")}</label>
          <input
            id={`${id}to`}
            className="input"
            type="datetime-local"
            step="1"
            value={to}
            aria-invalid={wrong}
            aria-describedby={`${id}error`}
            onChange={(event) => setTo(event.target.value)}
          />
          <p id={`${id}error`} className="field-error">
            {wrong ? t("range.order") : ""}
          </p>
        </div>
        <p className="soft small">{t("range.zone", { zone: `${zone} (${format.zoneName})` })}</p>
        <div className="form-actions">
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" kind="primary" disabled={wrong}>
            {t("range.apply")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
