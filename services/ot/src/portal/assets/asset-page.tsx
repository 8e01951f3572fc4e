/** One device: is it well, what is it and how do we know, whom does it talk to, what is done to it, what hangs on it. */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { api } from "@yagura/portal/api.ts";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Page as Frame } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import { useChange } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useParams } from "@yagura/portal/url-state.ts";
import type { AssetDetail } from "../../wire/api-assets.ts";
import { useGet } from "../queries.ts";
import { BlockDialog } from "../enforcement/block-dialog.tsx";
import { Blocked } from "../enforcement/blocked.tsx";
import { enforcementWords } from "../enforcement/words.ts";
import { SiteShown } from "../parts/protocol.ts";
import { RoleIcon } from "../role-icon.tsx";
import { severityState } from "../severity.ts";
import { words } from "../words.ts";
import { CommandsTab } from "./commands-tab.tsx";
import { EditDialog, MergeDialog, RetireDialog, SplitDialog } from "./dialogs.tsx";
import { IdentityTab } from "./identity-tab.tsx";
import { ImpactTab } from "./impact-tab.tsx";
import { IncidentsTab } from "./incidents-tab.tsx";
import { PeersTab } from "./peers-tab.tsx";
import { TimelineTab } from "./timeline-tab.tsx";
import { TrafficTab } from "./traffic-tab.tsx";
import { SiteKey } from "../tokens/key-button.tsx";
import { assetWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const { asset = "" } = useParams();
  const here = useOrganisation();
  const path = here.api(`/ot/assets/${asset}`);
  useLive(["ot.assets", "ot.findings"], { refresh: [path] });
  return (
    <Loaded query={useGet<AssetDetail>(path)} rows={14}>
      {(detail) => (
        <SiteShown value={detail.asset.siteId}>
          <Shown detail={detail} path={path} />
        </SiteShown>
      )}
    </Loaded>
  );
}

interface ShownProps {
  readonly detail: AssetDetail;
  readonly path: string;
}
function Shown({ detail, path }: ShownProps): ReactNode {
  const t = useWords(assetWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const { asset } = detail;
  const worst = asset.worst;
  return (
    <Frame
      title={asset.name}
      up={{ label: t("list"), href: here.path("ot/assets") }}
      lead={
        <span className="ot-role">
          <RoleIcon role={asset.role} /> {w(`role.${asset.role}`)} · {asset.addresses[0] ?? asset.macs[0]}
        </span>
      }
      mark={
        <StateMark
          state={worst === null ? "good" : severityState[worst]}
          label={worst === null ? t("severity.none") : w(`severity.${worst}`)}
        />
      }
      actions={
        <>
          <SiteKey site={asset.siteId} />
          {here.can("ot.write") ? <Acts detail={detail} path={path} /> : null}
        </>
      }
    >
      <Blocked asset={asset} />
      <Facts
        wide
        facts={[
          { name: t("vendor"), value: asset.vendor ?? "–" },
          { name: t("model"), value: asset.model ?? "–" },
          { name: t("firmware"), value: asset.firmware ?? "–" },
          { name: t("zone"), value: asset.zoneName ?? "–" },
          { name: t("criticality"), value: t(`criticality.${asset.criticality}`) },
          { name: t("learning"), value: t(`learning.${asset.learning}`) },
          { name: t("first"), value: <When at={asset.firstAt} /> },
          { name: t("last"), value: <When at={asset.lastAt} ago /> },
          {
            name: t("findings"),
            value: (
              <Link href={here.path(`ot/findings?site=${asset.siteId}&asset=${asset.id}`)}>
                {format.number(asset.findings)}
              </Link>
            ),
          },
        ]}
      />
      {detail.note === "" ? null : <p>{detail.note}</p>}
      <Tabs
        label={t("tabs")}
        tabs={[
          { id: "identity", label: t("tab.identity"), content: <IdentityTab detail={detail} /> },
          { id: "peers", label: t("tab.peers"), content: <PeersTab path={path} /> },
          { id: "commands", label: t("tab.commands"), content: <CommandsTab path={path} /> },
          { id: "traffic", label: t("tab.traffic"), content: <TrafficTab path={path} /> },
          { id: "timeline", label: t("tab.timeline"), content: <TimelineTab path={path} /> },
          { id: "impact", label: t("tab.impact"), content: <ImpactTab path={path} /> },
          { id: "incidents", label: t("tab.incidents"), content: <IncidentsTab asset={asset.id} /> },
        ]}
      />
    </Frame>
  );
}

function Acts({ detail, path }: ShownProps): ReactNode {
  const t = useWords(assetWords);
  const e = useWords(enforcementWords);
  const here = useOrganisation();
  const [open, setOpen] = useState<"edit" | "merge" | "split" | "retire" | "block" | null>(null);
  const learn = useChange((state: "learning" | "watching") => api.post(`${path}/learning`, { state }), {
    refresh: [path],
  });
  const { asset } = detail;
  const close = (): void => setOpen(null);
  const several = asset.macs.length + asset.addresses.length > 1;
  return (
    <>
      <Button onClick={() => setOpen("edit")}>{t("edit")}</Button>
      <Button onClick={() => setOpen("merge")}>{t("merge")}</Button>
      {several ? <Button onClick={() => setOpen("split")}>{t("split")}</Button> : null}
      <Button
        busy={learn.isPending}
        onClick={() => learn.mutate(asset.learning === "learning" ? "watching" : "learning")}
      >
        {t(asset.learning === "learning" ? "settle" : "restart")}
      </Button>
      <Button onClick={() => setOpen("retire")}>{t("retire")}</Button>
      {here.can("ot.enforce") ? <Button onClick={() => setOpen("block")}>{e("act")}</Button> : null}
      {learn.error === null ? null : <ErrorBox error={learn.error} />}
      {open === "edit" ? <EditDialog detail={detail} path={path} close={close} /> : null}
      {open === "merge" ? <MergeDialog detail={detail} path={path} close={close} /> : null}
      {open === "split" ? <SplitDialog detail={detail} path={path} close={close} /> : null}
      {open === "block" ? <BlockDialog asset={asset.id} close={close} /> : null}
      {open === "retire" ? <RetireDialog path={path} close={close} /> : null}
    </>
  );
}
