/** On a device's page: that it is off the network, why and until when, and the way to put it on again. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Banner } from "@yagura/portal/parts/notice.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetItem } from "../../wire/api-assets.ts";
import type { Enforcement } from "../../wire/api-enforcement.ts";
import { useGet } from "../queries.ts";
import { enforcementWords } from "./words.ts";

const banners = { asked: "banner.asked", working: "banner.asked", done: "banner.done", lifting: "banner.done", stuck: "banner.stuck" } as const; // prettier-ignore

export function Blocked({ asset }: { readonly asset: Pick<AssetItem, "id" | "siteId"> }): ReactNode {
  const t = useWords(enforcementWords);
  const format = useFormat();
  const here = useOrganisation();
  const path = here.api("/ot/enforcement");
  useLive(["ot.blocks"], { refresh: [path] });
  const { data } = useGet<Enforcement>(path, { site: asset.siteId });
  const block = data?.blocks.find((one) => one.asset?.id === asset.id && one.state in banners);
  if (block === undefined) return null;
  const banner = banners[block.state as keyof typeof banners];
  return (
    <Banner state={block.state === "stuck" ? "bad" : "notice"} title={t(banner)}>
      {t("banner.text", {
        reason: block.reason,
        by: block.createdBy.replace(/^user:/, ""),
        until: format.instant(block.until),
      })}{" "}
      <Link href={here.path(`ot/blocks?site=${asset.siteId}`)}>{t("toBlocks")}</Link>
    </Banner>
  );
}
