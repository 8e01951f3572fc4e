/** The API of waivers for a disaster (COM-29, UTM-52). */
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id, page } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { wholeList } from "../paging.ts";
import { noticeWork } from "./routes.ts";
import { NewWaiver, ReverseWaiver, WaiverDone, WaiverItem } from "./shapes.ts";
import { extendWaiver, listWaivers, publishWaiver, reverseWaiver, waiverById } from "./waivers.ts";

const provider = "/api/v1/provider/waivers";
const writes = { kind: "provider", scope: "terms.write" } as const;
const ofWaiver = Type.Object({ waiver: Id });

const waiverOr404 = async (tx: Tx, id: string): Promise<WaiverItem> => {
  const found = await waiverById(tx, id);
  if (found === null) throw raiseServer("NOT_FOUND");
  return found;
};

export const waiverRoutes = (offers: readonly Offer[]): readonly Route[] => [
  route({
    method: "GET",
    path: provider,
    tag: "prices",
    summary: "Temporary reductions and waivers, newest first",
    access: { kind: "provider", scope: "contract.read" },
    response: page(WaiverItem),
    handler: async ({ tx }) => wholeList(await listWaivers(tx)),
  }),
  route({
    method: "POST",
    path: provider,
    tag: "prices",
    summary: "Publish a reduction or waiver for a disaster, by service, area and days; a dry run says whom it concerns",
    access: writes,
    body: NewWaiver,
    response: WaiverDone,
    handler: async (context) => {
      const answer = await publishWaiver(noticeWork(offers, context), context.body);
      if (answer.waiver !== null) {
        const { id, service, percent, from, lastDay, reference } = answer.waiver;
        const details = { service, percent, from, lastDay, reference, contracts: answer.contracts };
        await context.audit({ action: "waiver.publish", subject: id, details });
      }
      return answer;
    },
  }),
  route({
    method: "POST",
    path: `${provider}/:waiver/extend`,
    tag: "prices",
    summary: "Add contracts that came into its scope since",
    access: writes,
    params: ofWaiver,
    response: WaiverDone,
    handler: async (context) => {
      const { tx, params } = context;
      const answer = await extendWaiver(noticeWork(offers, context), await waiverOr404(tx, params.waiver));
      await context.audit({
        action: "waiver.extend",
        subject: params.waiver,
        details: { contracts: answer.contracts },
      });
      return answer;
    },
  }),
  route({
    method: "POST",
    path: `${provider}/:waiver/reverse`,
    tag: "prices",
    summary: "Take a waiver back; what was waived comes as an adjustment",
    access: writes,
    params: ofWaiver,
    body: ReverseWaiver,
    response: WaiverDone,
    handler: async (context) => {
      const { tx, params, body } = context;
      const answer = await reverseWaiver(
        noticeWork(offers, context),
        await waiverOr404(tx, params.waiver),
        body.reason,
      );
      await context.audit({ action: "waiver.reverse", subject: params.waiver, details: { reason: body.reason } });
      return answer;
    },
  }),
];
