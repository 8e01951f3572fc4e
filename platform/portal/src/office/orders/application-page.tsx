/** One application: what was answered and agreed to, what is missing, and the decision. */
import { useState, type ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Banner, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section, type Fact } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useParams } from "../../url-state.ts";
import { useServiceName } from "../data.ts";
import { useFieldText, useItemName, useOffers, usePlanName } from "../offers.ts";
import { useAnswered } from "../parts/order-form.tsx";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";
import { CompleteDialog } from "./complete-dialog.tsx";
import { DecisionDialog, type ApplicationAct } from "./decision-dialog.tsx";
import { OfferTexts } from "./offer-texts.tsx";
import { applicationMarks } from "./states.ts";

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const nameOf = useServiceName();
  const planOf = usePlanName();
  const { application: id = "" } = useParams();
  const path = here.api(`/applications/${id}`);
  const query = useGet<Application>(path);
  const found = query.data;
  return (
    <Frame
      title={found === undefined ? n("application") : t("app.title", { plan: planOf(found.service, found.plan) })}
      {...(found === undefined ? {} : { lead: nameOf(found.service) })}
      up={{ label: n("applications"), href: here.path("office/applications") }}
      mark={
        found === undefined ? null : (
          <StateMark state={applicationMarks[found.state].state} label={t(`state.${found.state}`)} />
        )
      }
      actions={found === undefined ? null : <Acts application={found} path={path} />}
    >
      <Loaded query={query} rows={12}>
        {(application) => <Shown application={application} />}
      </Loaded>
    </Frame>
  );
}

function Acts({ application, path }: { readonly application: Application; readonly path: string }): ReactNode {
  const t = useWords(orderWords);
  const here = useOrganisation();
  const [open, setOpen] = useState<ApplicationAct | null>(null);
  const [completing, setCompleting] = useState(false);
  const offers = useOffers(application.orderedOn);
  const plan = offers.data?.items
    .find(({ service }) => service === application.service)
    ?.plans.find((each) => each.plan === application.plan);
  const staff = here.can("contract.write");
  const waits = application.state === "received";
  const acts: readonly ApplicationAct[] = [
    ...(waits && staff ? (["refuse", "accept"] as const) : []),
    ...(application.state === "accepted" && staff ? (["revoke"] as const) : []),
    ...(application.state === "accepted" && staff && application.rescindBy !== null ? (["rescind"] as const) : []),
    ...((waits || application.state === "incomplete") && here.can("application.write") && !staff
      ? (["withdraw"] as const)
      : []),
  ];
  return (
    <>
      {acts.map((act) => (
        <Button key={act} kind={act === "accept" ? "primary" : "plain"} onClick={() => setOpen(act)}>
          {t(`act.${act}`)}
        </Button>
      ))}
      {application.state === "incomplete" && plan !== undefined && here.can("application.write") ? (
        <Button kind="primary" onClick={() => setCompleting(true)}>
          {t("act.complete")}
        </Button>
      ) : null}
      {completing && plan !== undefined ? (
        <CompleteDialog application={application} path={path} plan={plan} close={() => setCompleting(false)} />
      ) : null}
      {open === null ? null : (
        <DecisionDialog act={open} application={application} path={path} close={() => setOpen(null)} />
      )}
    </>
  );
}

function Shown({ application }: { readonly application: Application }): ReactNode {
  const t = useWords(orderWords);
  const format = useFormat();
  const here = useOrganisation();
  const itemName = useItemName(application.service, application.plan);
  const field = useFieldText(application.service, application.plan);
  const { receivedAt, sequence, decidedAt, decidedBy, contractId } = application;
  const facts: Fact[] = [
    sequence === null || receivedAt === null
      ? { name: t("app.place"), value: "–", note: t("app.placeNone") }
      : {
          name: t("app.place"),
          value: format.number(sequence),
          note: t("app.placeNote", { at: `${format.instant(receivedAt, "second")} ${format.zoneName}` }),
        },
    { name: t("col.ordered"), value: format.day(application.orderedOn) },
    { name: t("col.start"), value: format.day(application.desiredStartOn) },
    { name: t("app.terms"), value: application.terms ?? "–" },
    ...(application.rescindBy === null ? [] : [{ name: t("app.rescind"), value: format.day(application.rescindBy) }]),
  ];
  const decision =
    decidedAt === null
      ? []
      : [
          {
            name: t("app.decided"),
            value: t("app.by", { by: decidedBy?.replace(/^user:/, "") ?? "", at: format.instant(decidedAt) }),
            note: [application.ground, application.reason].filter((each) => each !== null).join(" · "),
          },
        ];
  return (
    <div className="stack-wide">
      <Remarks application={application} />
      <Facts wide facts={facts} />
      {decision.length === 0 ? null : <Facts facts={decision} />}
      {contractId === null ? null : (
        <p>
          <Link href={here.path(`office/contracts/${contractId}`)}>
            {t("app.contract")} {application.contractNumber ?? ""}
          </Link>
        </p>
      )}
      <Section title={t("app.items")}>
        <Facts
          facts={Object.entries(application.items).map(([item, count]) => ({
            name: itemName(item),
            value: format.number(count),
          }))}
        />
      </Section>
      <Answers application={application} />
      {application.consents.length === 0 ? null : (
        <Section title={t("app.consents")}>
          <Facts
            facts={application.consents.map((consent) => ({
              name: t("app.consentOf", { label: field.label(consent.field) ?? consent.field, rule: consent.rule }),
              value: consent.by.replace(/^user:/, ""),
              note: t("app.consentNote", { version: consent.textVersion, at: format.instant(consent.at) }),
            }))}
          />
        </Section>
      )}
      <OfferTexts service={application.service} plan={application.plan} on={application.orderedOn} />
    </div>
  );
}

function Remarks({ application }: { readonly application: Application }): ReactNode {
  const t = useWords(orderWords);
  const say = useSay();
  const field = useFieldText(application.service, application.plan);
  const labelOf = (pointer: string): string => {
    const label = field.label(pointer.replace(/^\/fields\//, ""));
    return label === null ? "" : t("app.remarkOf", { label });
  };
  const missing = application.remarks.filter(({ kind }) => kind === "missing");
  const hints = application.remarks.filter(({ kind }) => kind === "hint");
  const listed = (list: Application["remarks"]): ReactNode => (
    <ul className="plain-list">
      {list.map((remark) => (
        <li key={`${remark.pointer} ${remark.rule}`}>
          {labelOf(remark.pointer)}
          {say(remark.text)} <span className="tag">{remark.rule}</span>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {missing.length === 0 ? null : (
        <Banner state="bad" title={t("app.missing")}>
          {listed(missing)}
        </Banner>
      )}
      {hints.length === 0 ? null : <Banner title={t("app.hint")}>{listed(hints)}</Banner>}
    </>
  );
}

/** By the form that was in force on the day of the order; without it, by the names of the fields. */
function Answers({ application }: { readonly application: Application }): ReactNode {
  const t = useWords(orderWords);
  const offers = useOffers(application.orderedOn);
  const answered = useAnswered();
  const offer = offers.data?.items.find(({ service }) => service === application.service);
  const form = offer?.plans.find(({ plan }) => plan === application.plan)?.form;
  const sections =
    form === undefined
      ? [
          {
            title: t("app.answers"),
            facts: Object.entries(application.fields).map(([name, value]) => ({ name, value: String(value) })),
          },
        ]
      : answered(form, application.fields);
  return (
    <>
      {sections.map((section) => (
        <Section key={section.title} title={section.title}>
          <Facts facts={section.facts} />
        </Section>
      ))}
    </>
  );
}
