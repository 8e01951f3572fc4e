/** What others do, over HTTP: taking part, a finding and a device beside others (OT-N9). */
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { changeMembership, readMembership, readOverview } from "../norms/membership.ts";
import { assetNorms, findingNorms } from "../norms/read.ts";
import { AssetNorms, ChangeNormMembership, FindingNorms, NormMembership, NormOverview } from "../wire/api-norms.ts";
import { workOf } from "../work.ts";
import { base, mayRead, mayWrite, ofOrganisation, ofThing, tag } from "./common.ts";

export const normRoutes = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/norms/membership`,
    tag,
    summary: "Whether the organisation takes part in the sums of what is usual for a model (OT-N9)",
    access: mayRead,
    params: ofOrganisation,
    response: NormMembership,
    handler: ({ tx, organisation }) => readMembership(tx, organisation),
  }),
  route({
    method: "PUT",
    path: `${base}/norms/membership`,
    tag,
    summary: "Take part, or no more; to begin is for the organisation's own people",
    access: mayWrite,
    rate: 20,
    params: ofOrganisation,
    body: ChangeNormMembership,
    response: NormMembership,
    handler: async (context) => {
      await changeMembership(workOf(context, devices), context.body.takesPart, isStaff(context));
      return readMembership(context.tx, context.organisation);
    },
  }),
  route({
    method: "GET",
    path: `${base}/findings/:finding/norms`,
    tag,
    summary: "What others do: how many sites with such devices show what was found",
    access: mayRead,
    params: ofThing("finding"),
    response: FindingNorms,
    handler: ({ tx, organisation, params }) => findingNorms(tx, organisation, params.finding),
  }),
  route({
    method: "GET",
    path: `${base}/assets/:asset/norms`,
    tag,
    summary: "What is usual for devices like this one",
    access: mayRead,
    params: ofThing("asset"),
    response: AssetNorms,
    handler: ({ tx, organisation, params }) => assetNorms(tx, organisation, params.asset),
  }),
  route({
    method: "GET",
    path: "/api/v1/provider/ot/norms",
    tag,
    summary: "How many organisations take part in the norms, and what is published",
    access: { kind: "provider", scope: "ot.read" },
    response: NormOverview,
    handler: ({ tx }) => readOverview(tx),
  }),
];
