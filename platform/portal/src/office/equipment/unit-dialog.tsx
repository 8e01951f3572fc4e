/** One unit: who owns it and why, what happened to it, what may be recorded. */
import { useState, type ReactNode } from "react";
import type { EquipmentDetail } from "@yagura/commerce/entitlements/shapes.ts";
import type { Static } from "typebox";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { Facts, Section, type Fact } from "../../parts/page.tsx";
import { useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { equipmentWords } from "../words/equipment.ts";
import { EventDialog, ReplaceDialog, type Unit } from "./dialogs.tsx";

type Detail = Static<typeof EquipmentDetail>;

interface Props {
  readonly id: string;
  readonly title: string;
  readonly on: string;
  /** Units of the register by their id. */
  readonly units: readonly Unit[];
  readonly close: () => void;
}
export function UnitDialog({ id, title, on, units, close }: Props): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const [act, setAct] = useState<"event" | "replace" | null>(null);
  const query = useGet<Detail>(here.api(`/equipment/${id}`), { on });
  const end = (): void => setAct(null);
  return (
    <Dialog title={title} close={close} wide>
      <Loaded query={query} rows={8}>
        {(unit) => (
          <div className="stack-wide">
            <UnitFacts unit={unit} units={units} />
            <Events unit={unit} />
            {here.can("equipment.write") ? (
              <div className="dialog-actions">
                <Button onClick={() => setAct("event")}>{t("act.event")}</Button>
                {unit.replacedBy === null ? (
                  <Button onClick={() => setAct("replace")}>{t("act.replace")}</Button>
                ) : null}
              </div>
            ) : null}
            {act === "event" ? <EventDialog unit={unit} close={end} /> : null}
            {act === "replace" ? <ReplaceDialog unit={unit} close={end} /> : null}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function UnitFacts({ unit, units }: { readonly unit: Unit; readonly units: readonly Unit[] }): ReactNode {
  const t = useWords(equipmentWords);
  const say = useSay();
  const format = useFormat();
  const serialOf = (id: string): string => units.find((each) => each.id === id)?.serial ?? "–";
  const facts: Fact[] = [
    { name: t("owner"), value: t(`owner.${unit.owner}`), note: say(unit.ownerBecause) },
    { name: t("risk"), value: t(`owner.${unit.risk}`), note: say(unit.riskBecause) },
    {
      name: t("arrangement"),
      value: t(`arrangement.${unit.arrangement}`),
      ...(unit.lessor === null ? {} : { note: unit.lessor }),
    },
    ...(unit.warrantyUntil === null ? [] : [{ name: t("warranty"), value: format.day(unit.warrantyUntil) }]),
    ...(unit.replacedBy === null ? [] : [{ name: t("replacedBy"), value: serialOf(unit.replacedBy) }]),
    ...(unit.replaces === null ? [] : [{ name: t("replaces"), value: serialOf(unit.replaces) }]),
  ];
  return <Facts facts={facts} />;
}

function Events({ unit }: { readonly unit: Detail }): ReactNode {
  const t = useWords(equipmentWords);
  const format = useFormat();
  return (
    <Section title={t("events")}>
      <ul className="row-list">
        {unit.events.map((event) => (
          <li key={`${event.on} ${event.kind} ${event.recordedAt}`}>
            <span>{format.day(event.on)}</span>
            <span className="row-main">
              {t(`event.${event.kind}`)}
              {event.note === "" ? null : <span className="fact-note">{event.note}</span>}
            </span>
            <span className="soft small">{event.recordedBy.replace(/^user:/, "")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
