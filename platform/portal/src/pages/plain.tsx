/** The first page, and the pages that say why there is none. */
import { useEffect, type ReactNode } from "react";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { homeOf, usePortal } from "../frame/portal-context.ts";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button } from "../parts/button.tsx";
import { Link } from "../parts/link.tsx";
import { Banner, Empty } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { useMe } from "../session.tsx";
import { useGo } from "../url-state.ts";

/** Sends on to the organisation last looked at, or to the provider's list. */
export function Home(): ReactNode {
  const t = useWords(shell);
  const me = useMe();
  const portal = usePortal();
  const go = useGo();
  const remembered = localStorage.getItem("yagura.organisation");
  const first = me.organisations.find((each) => each.id === remembered) ?? me.organisations[0];
  const provider = portal.provider.flatMap((area) => area.nav).find((entry) => me.scopes.includes(entry.scope));
  const href =
    first !== undefined
      ? homeOf(portal, first.id, (scope) => first.scopes.includes(scope))
      : provider === undefined
        ? null
        : `/provider/${provider.path}`;
  useEffect(() => {
    if (href !== null) go(href, { replace: true });
  }, [href, go]);
  if (href !== null) return null;
  return (
    <Page title={t("noOrganisation.title")}>
      <Empty title={t("noOrganisation.title")}>{t("noOrganisation.text")}</Empty>
    </Page>
  );
}

/** Stands outside the frame: nobody knows to which area an unknown address belongs. */
export function NotFound(): ReactNode {
  const t = useWords(shell);
  return (
    <main className="content">
      <Page title={t("notFound.title")} narrow>
        <p>{t("notFound.text")}</p>
        <p>
          <Link href="/">{t("notFound.home")}</Link>
        </p>
      </Page>
    </main>
  );
}

export function Forbidden({ scope }: { readonly scope: string }): ReactNode {
  const t = useWords(shell);
  return (
    <Page title={t("forbidden.title")} narrow>
      <p>{t("forbidden.text", { scope })}</p>
    </Page>
  );
}

/** A fault of the page itself, or its code could not be loaded. */
export function PageFailed({ error }: ErrorComponentProps): ReactNode {
  const t = useWords(shell);
  return (
    <Page title={t("error.title")} narrow>
      <Banner state="bad">
        <p>{t("error.page")}</p>
        <p>
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </p>
        <Button icon="refresh" onClick={() => location.reload()}>
          {t("retry")}
        </Button>
      </Banner>
    </Page>
  );
}
