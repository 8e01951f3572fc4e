/** What others do, beside a finding: evidence for people, it changes nothing by itself (OT-N9). */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import type { Fact } from "@yagura/portal/parts/page.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { FindingNorms } from "../../wire/api-norms.ts";
import { useGet } from "../queries.ts";
import { useAnswer } from "./say.ts";
import { normWords } from "./words.ts";

/** None while it is not known, and where others cannot be asked. */
export function useOthers(finding: string): readonly Fact[] {
  const t = useWords(normWords);
  const here = useOrganisation();
  const { data } = useGet<FindingNorms>(here.api(`/ot/findings/${finding}/norms`));
  if (data === undefined || data.state === "unasked") return [];
  return [{ name: t("others"), value: <Others norms={data} /> }];
}

function Others({ norms: { state, sums, answers } }: { readonly norms: FindingNorms }): ReactNode {
  const t = useWords(normWords);
  const format = useFormat();
  const say = useAnswer();
  if (state !== "told") return <NotTold state={state === "off" ? "off" : "waiting"} />;
  return (
    <>
      {answers.map((answer) => {
        const { verdict, figures } = say(answer);
        return (
          <p key={`${answer.asset.id} ${answer.habit?.kind ?? ""}`} className="ot-others">
            {verdict}
            {figures === null ? null : <span className="fact-note">{figures}</span>}
          </p>
        );
      })}
      {sums === null || answers.every(({ subject }) => subject === null) ? null : (
        <span className="fact-note">{t("of", { from: format.day(sums.from), to: format.day(sums.at) })}</span>
      )}
    </>
  );
}

function NotTold({ state }: { readonly state: "off" | "waiting" }): ReactNode {
  const t = useWords(normWords);
  const here = useOrganisation();
  return (
    <span className="soft">
      {t(state)} <Link href={here.path("ot/settings?tab=norms")}>{t("toSetting")}</Link>
    </span>
  );
}
