/** The parts of a page: heading with its acts, sections, facts. */
import { useEffect, useId, type ReactNode } from "react";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Link } from "./link.tsx";

interface PageProps {
  readonly title: string;
  /** One sentence on what the page is for. */
  readonly lead?: ReactNode;
  /** Where it belongs: the page above. */
  readonly up?: { readonly label: string; readonly href: string };
  /** Beside the heading, e.g. a state mark. */
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
  /** Forms and texts are easier to read narrow. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}
export function Page({ title, lead, up, mark, actions, narrow = false, children }: PageProps): ReactNode {
  const t = useWords(shell);
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  return (
    <div className={narrow ? "page page-narrow" : "page"}>
      <header className="page-head">
        <div className="page-title">
          {up === undefined ? null : (
            <Link href={up.href} className="page-up">
              {up.label}
            </Link>
          )}
          <div className="page-heading">
            <h1>{title}</h1>
            {mark}
          </div>
          {lead === undefined ? null : <p className="soft page-lead">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly id?: string;
}
export function Section({ title, lead, actions, children, id }: SectionProps): ReactNode {
  const heading = useId();
  return (
    <section className="section" aria-labelledby={heading} id={id}>
      <header className="section-head">
        <div>
          <h2 id={heading}>{title}</h2>
          {lead === undefined ? null : <p className="soft">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** A bordered area. */
export const Card = ({
  children,
  className = "",
}: {
  readonly children: ReactNode;
  readonly className?: string;
}): ReactNode => <div className={`card ${className}`}>{children}</div>;

/** Cards side by side, as many as fit; `least` is the smallest width of one in rem. */
export const Columns = ({
  children,
  least = 16,
}: {
  readonly children: ReactNode;
  readonly least?: number;
}): ReactNode => (
  <div className="columns" style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(100%, ${least}rem), 1fr))` }}>
    {children}
  </div>
);

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Small print below the value. */
  readonly note?: ReactNode;
}
/** Names and values, aligned. `wide` lays them out as figures in a row. */
export const Facts = ({
  facts,
  wide = false,
}: {
  readonly facts: readonly Fact[];
  readonly wide?: boolean;
}): ReactNode => (
  <dl className={wide ? "facts facts-wide" : "facts"}>
    {facts.map((fact) => (
      <div key={fact.name} className="fact">
        <dt>{fact.name}</dt>
        <dd>
          {fact.value}
          {fact.note === undefined ? null : <span className="fact-note">{fact.note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);
