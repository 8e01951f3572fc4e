/** Everything that has a suggestion, set with one confirmation: what, to which value, from when (COM-30). */
import { useMemo, useState, type ReactNode } from "react";
import type { DatedChange, MissingItem, OfferingItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Link } from "../../parts/link.tsx";
import { Banner } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { textColumn } from "../../parts/columns.tsx";
import { useName } from "../parts/name.ts";
import { ruleWords } from "../words/rules.ts";
import { CALENDARS, HISTORY, OFFERING, SETTINGS } from "./paths.ts";
import { useTellValue } from "./tell-value.ts";

interface Suggested {
  readonly service: string;
  readonly serviceName: OfferingItem["name"];
  readonly missing: MissingItem;
}

const pick = (items: readonly OfferingItem[], wanted: (missing: MissingItem) => boolean): readonly Suggested[] =>
  items.flatMap(({ service, name, missing }) =>
    missing.filter(wanted).map((each) => ({ service, serviceName: name, missing: each })),
  );
export const hasSuggestion = ({ suggestion, kind }: MissingItem): boolean =>
  kind !== "price" && suggestion !== null && suggestion !== undefined;

/** The call that sets one of them. */
function callOf({ service, missing: { key, kind, suggestion } }: Suggested, from: string): [string, object] {
  const common = { service, from, confirmPast: true };
  return kind === "activity"
    ? [`${CALENDARS}/activities`, { ...common, activity: key.replace(/^activity:/, ""), hours: suggestion }]
    : [SETTINGS, { ...common, key, value: suggestion }];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function Suggestions({ items }: { readonly items: readonly OfferingItem[] }): ReactNode {
  const t = useWords(ruleWords);
  const say = useName();
  const tell = useTellValue();
  const format = useFormat();
  const [from, setFrom] = useState(`${dayIn("Asia/Tokyo").slice(0, 7)}-01`);
  const [asking, setAsking] = useState(false);
  const rows = useMemo(() => pick(items, hasSuggestion), [items]);
  const prices = pick(items, ({ kind }) => kind === "price").length;
  const others = pick(items, (each) => each.kind !== "price" && !hasSuggestion(each)).length;
  if (rows.length === 0) return null;
  const valid = DAY.test(from);
  return (
    <Section title={t("take.title")}>
      <p>{t("take.lead")}</p>
      <ul className="plain-list">
        {prices === 0 ? null : (
          <li>
            {t("take.prices", { n: prices })} <Link href="/provider/office/prices">{t("prices.load")}</Link>
          </li>
        )}
        {others === 0 ? null : <li>{t("take.others", { n: others })}</li>}
      </ul>
      <DataTable<Suggested>
        id="suggestions"
        label={t("take.title")}
        urlKey="s"
        plain
        rows={rows}
        rowKey={({ service, missing }) => `${service} ${missing.key}`}
        rowName={({ missing }) => say(missing.name)}
        sort="service"
        empty={t("settings.none")}
        columns={[
          textColumn("what", t("take.what"), ({ missing }) => say(missing.name)),
          textColumn("value", t("take.value"), ({ missing }) => tell(missing.key, missing.suggestion, missing.choices)),
          textColumn("service", t("col.service"), ({ serviceName }) => say(serviceName)),
        ]}
      />
      <div className="take-from">
        <label className="choice">
          <span>{t("take.from")}</span>
          <input
            className="input"
            type="date"
            value={from}
            required
            aria-invalid={!valid}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <Button kind="primary" disabled={!valid} onClick={() => setAsking(true)}>
          {t("take.all", { n: rows.length })}
        </Button>
      </div>
      <p className="fact-note">{t("take.fromHint")}</p>
      {asking ? <TakeDialog rows={rows} from={from} day={format.day(from)} close={() => setAsking(false)} /> : null}
    </Section>
  );
}

interface TakeProps {
  readonly rows: readonly Suggested[];
  readonly from: string;
  readonly day: string;
  readonly close: () => void;
}
/** Sets one after another; what was set before a refusal stays set, and the list shows what is left. */
function TakeDialog({ rows, from, day, close }: TakeProps): ReactNode {
  const t = useWords(ruleWords);
  const say = useName();
  const toast = useToast();
  const refresh = useRefresh();
  const [all] = useState(rows);
  const [done, setDone] = useState(0);
  const [stuck, setStuck] = useState<Suggested | null>(null);
  return (
    <ConfirmDialog
      title={t("take.title")}
      consequences={[t("take.consequence", { n: all.length, day }), t("take.consequenceLater")]}
      action={t("take.action")}
      danger={false}
      close={close}
      run={async () => {
        setStuck(null);
        let at = done;
        try {
          for (const each of all.slice(done)) {
            setStuck(each);
            const [path, body] = callOf(each, from);
            await api.post<DatedChange>(path, body);
            at += 1;
            setDone(at);
          }
          setStuck(null);
          toast(t("take.done", { n: all.length }));
        } finally {
          refresh([OFFERING, SETTINGS, CALENDARS, HISTORY]);
        }
      }}
    >
      {done === 0 && stuck === null ? null : (
        <Banner title={t("take.progress", { n: done, of: all.length })}>
          {stuck === null ? null : say(stuck.missing.name)}
        </Banner>
      )}
    </ConfirmDialog>
  );
}
