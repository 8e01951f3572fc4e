/** “Why this amount”: a button beside an amount, and what it opens, for a customer first and for a clerk below (COM-18). */
import { useState, type ReactNode } from "react";
import type { ChargeLine, Explanation, Text } from "@yagura/commerce/charging/shapes.ts";
import { useFormat, useSay, useWords, type Format } from "../../language.tsx";
import { IconButton } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Facts, type Fact } from "../../parts/page.tsx";
import { partWords } from "../words/parts.ts";
import { useFormula } from "./formula.ts";
import { useName } from "./name.ts";
import { Yen } from "./yen.tsx";

/** What pages show of a line, of a bill or of a computation alike. */
export interface ShownLine extends Pick<
  ChargeLine,
  "key" | "contract" | "period" | "quantity" | "unitPrice" | "amount" | "taxClass"
> {
  readonly kind: string;
  readonly description: Text;
  readonly why: Explanation;
}
/** As much of a line as is at hand: a sum has only its explanation. */
export type Explained = Pick<ShownLine, "amount" | "why"> & Partial<ShownLine>;

/** An amount with the button that opens its reason. */
export function Amount({ of, label }: { readonly of: Explained; readonly label?: string }): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const name = useName();
  const [open, setOpen] = useState(false);
  const amount = format.yen(of.amount);
  const item = label ?? (of.description === undefined ? "" : name(of.description));
  return (
    <span className="amount">
      <Yen amount={of.amount} />
      <IconButton
        className="why-button"
        icon="help"
        label={item === "" ? t("why.ask", { amount }) : t("why.askItem", { item, amount })}
        onClick={() => setOpen(true)}
      />
      {open ? (
        <Dialog title={t("why.title")} close={() => setOpen(false)} wide>
          <Why of={of} label={item} />
        </Dialog>
      ) : null}
    </span>
  );
}

/** The reason itself. */
function Why({ of, label }: { readonly of: Explained; readonly label: string }): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const say = useSay();
  const tell = useFormula();
  return (
    <div className="why">
      <p className="why-amount">
        <span>{label}</span>
        <Yen amount={of.amount} />
      </p>
      <p>{say(of.why.sentence)}</p>
      <h3>{t("why.how")}</h3>
      <code className="why-formula" tabIndex={0}>
        {tell(of.why.formula)}
      </code>
      <Facts facts={factsOf(of, t, format)} />
      <ForClerk why={of.why} />
    </div>
  );
}

type Words = ReturnType<typeof useWords<typeof partWords>>;
function factsOf(of: Explained, t: Words, format: Format): readonly Fact[] {
  const facts: Fact[] = [];
  if (of.contract !== undefined) facts.push({ name: t("why.contract"), value: of.contract });
  if (of.period !== undefined) {
    const [from, to] = [format.day(of.period.from), format.day(of.period.to)];
    facts.push({ name: t("why.period"), value: from === to ? from : t("why.range", { from, to }) });
  }
  if (of.quantity !== undefined) facts.push({ name: t("why.quantity"), value: format.number(of.quantity) });
  if (of.unitPrice !== undefined) facts.push({ name: t("why.unitPrice"), value: <Yen amount={of.unitPrice} /> });
  if (of.taxClass !== undefined) facts.push({ name: t("why.tax"), value: t(`tax.${of.taxClass}`) });
  return facts;
}

/** Known inputs by their word, others by the name that the rule gives them. */
const inputName = (t: Words, name: string): string =>
  `input.${name}` in partWords ? t(`input.${name}` as "input.days") : name;
const inputValue = (format: Format, value: string | number | boolean): string => {
  if (typeof value === "number") return format.number(value, 4);
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return format.day(value);
  return String(value);
};

/** Rule, version, basis and inputs: what a clerk or an auditor asks for. */
function ForClerk({ why }: { readonly why: Explanation }): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  const inputs = Object.entries(why.inputs);
  return (
    <details className="why-clerk">
      <summary>{t("why.clerk")}</summary>
      <Facts
        facts={[
          { name: t("why.rule"), value: why.rule },
          { name: t("why.version"), value: why.version },
          ...(why.basis.length === 0 ? [] : [{ name: t("why.basis"), value: why.basis.join(" / ") }]),
        ]}
      />
      {inputs.length === 0 ? null : (
        <>
          <h3>{t("why.inputs")}</h3>
          <dl className="why-inputs">
            {inputs.map(([name, value]) => (
              <div key={name}>
                <dt>{inputName(t, name)}</dt>
                <dd>{inputValue(format, value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </details>
  );
}
