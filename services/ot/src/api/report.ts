/** The assessment as PDF (OT-30): one click, one document. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { attachedAs } from "@yagura/commerce/downloads.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, LanguageCode } from "@yagura/server/shapes.ts";
import { readProfile } from "@yagura/server/profile.ts";
import { rangeOf } from "../range.ts";
import { reportContent } from "../report/content.ts";
import { siteAsked } from "../sites.ts";
import { readAssessment } from "../store/assessment.ts";
import { base, inside, mayRead, ofOrganisation, ofSite, tag, Times } from "./common.ts";

const DAYS = 30;

export const reportRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/reports/assessment.pdf`,
    tag,
    summary:
      "The assessment report as PDF: a page for the manager, findings with what to do; the last 30 days unless told (OT-30)",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object({ ...ofSite.properties, ...Times, language: Type.Optional(LanguageCode) }, closed),
    raw: "application/pdf",
    rate: 20,
    transaction: false,
    handler: async ({ platform, organisation, query, now, language, reply }) => {
      const range = rangeOf(query, now, DAYS * 24);
      const [site, profile] = await inside(
        platform,
        organisation,
      )(async (tx) => [await siteAsked(tx, organisation, query.site), await readProfile(tx, "")] as const);
      const assessment = await readAssessment(platform, organisation, site, range, now);
      const issuedOn = dayOf(now);
      const { name, contact } = profile;
      const content = reportContent(assessment, {
        number: `OT-${issuedOn.replaceAll("-", "")}-${site.slice(-6)}`,
        issuedOn,
        period: { from: dayOf(new Date(range.from)), to: dayOf(new Date(range.to - 1)) },
        issuer: {
          name,
          registrationNumber: null,
          ...(contact.phone === undefined ? {} : { phone: contact.phone }),
        },
        recipient: { name: assessment.organisation, kind: "company" },
      });
      attachedAs(reply, `${content.number}.pdf`);
      return Buffer.from(await renderDocument("report", content, query.language ?? language));
    },
  }),
];
