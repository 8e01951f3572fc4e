/** What a contract entitles to: seats, tickets, insured devices, and the terms that bind. */
import type { ReactNode } from "react";
import type { InsuranceShown, SeatsShown, TermsShown, WalletsShown } from "@yagura/commerce/entitlements/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Facts, Section } from "../../parts/page.tsx";
import { useGet } from "../../queries.ts";
import { Yen } from "../parts/yen.tsx";
import { rightWords } from "../words/rights.ts";
import { Insurance } from "./insurance.tsx";
import { Seats } from "./seats.tsx";
import { Wallets } from "./tickets.tsx";

export function RightsTab({ path }: { readonly path: string }): ReactNode {
  const t = useWords(rightWords);
  const seats = useGet<SeatsShown>(`${path}/seats`);
  const wallets = useGet<WalletsShown>(`${path}/wallets`);
  const insurance = useGet<InsuranceShown>(`${path}/insurance`);
  const term = useGet<TermsShown>(`${path}/term`);
  const ready = [seats, wallets, insurance, term].every(({ isPending }) => !isPending);
  const counted = seats.data?.counted === true;
  const some =
    counted || (wallets.data?.wallets.length ?? 0) > 0 || (insurance.data?.offers.length ?? 0) > 0 || binds(term.data);
  if (ready && !some) return <Empty title={t("none")}>{t("noneText")}</Empty>;
  return (
    <div className="stack-wide">
      {counted && seats.data !== undefined ? <Seats shown={seats.data} path={path} /> : null}
      {(wallets.data?.wallets.length ?? 0) > 0 && wallets.data !== undefined ? (
        <Wallets shown={wallets.data} path={path} />
      ) : null}
      {(insurance.data?.offers.length ?? 0) > 0 && insurance.data !== undefined ? (
        <Insurance shown={insurance.data} path={path} />
      ) : null}
      {term.data !== undefined && binds(term.data) ? <Term shown={term.data} /> : null}
    </div>
  );
}

const binds = (term: TermsShown | undefined): boolean =>
  term !== undefined && (term.minimum !== null || term.longestUse !== null || term.ancillary.length > 0);

function Term({ shown }: { readonly shown: TermsShown }): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const { minimum, longestUse, ancillary } = shown;
  return (
    <Section title={t("term")}>
      <Facts
        facts={[
          ...(minimum === null
            ? []
            : [
                {
                  name: t("term.minimum"),
                  value: t("term.range", { from: format.day(minimum.from), to: format.day(minimum.to) }),
                  note:
                    minimum.endingToday === null
                      ? t("term.free")
                      : t("term.today", {
                          sentence: say(minimum.endingToday.sentence),
                          amount: format.yen(minimum.endingToday.amount),
                        }),
                },
              ]),
          ...(longestUse === null
            ? []
            : [{ name: t("term.longest"), value: format.day(longestUse.lastDay), note: longestUse.rule }]),
          ...ancillary.map((each) => ({
            name: say(each.name),
            value: t("term.range", { from: format.day(each.from), to: format.day(each.to) }),
            note: <Yen amount={each.fee} />,
          })),
        ]}
      />
    </Section>
  );
}
