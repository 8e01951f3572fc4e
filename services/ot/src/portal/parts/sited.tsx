/** The frame of pages that are about one site: heading, choice of the site, and what to do while there is none. */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Empty, Loading } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../../wire/api.ts";
import { SiteSwitch, useSite } from "../site.tsx";
import { KeyButton } from "../tokens/key-button.tsx";
import { words } from "../words.ts";
import { SiteShown } from "./protocol.ts";

interface SitedProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly mark?: ReactNode;
  readonly up?: { readonly label: string; readonly href: string };
  /** Acts beside the heading. */
  readonly renderActions?: (site: Site) => ReactNode;
  readonly children: (site: Site) => ReactNode;
}
export function Sited({ title, lead, mark, up, renderActions, children }: SitedProps): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const sites = useSite();
  return (
    <Frame
      title={title}
      lead={lead}
      mark={mark}
      {...(up === undefined ? {} : { up })}
      actions={
        <>
          <SiteSwitch {...sites} />
          <KeyButton sites={sites.site === null ? [] : [sites.site]} />
          {sites.site === null ? null : renderActions?.(sites.site)}
        </>
      }
    >
      {sites.sites === undefined ? (
        <Loading rows={10} />
      ) : sites.site === null ? (
        <Empty
          title={t("noSite")}
          action={
            <Link className="button button-primary" href={here.path("ot/sensors")}>
              {t("toSensors")}
            </Link>
          }
        >
          {t("noSiteText")}
        </Empty>
      ) : (
        <SiteShown value={sites.site.id}>{children(sites.site)}</SiteShown>
      )}
    </Frame>
  );
}
