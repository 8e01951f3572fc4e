/** The one frame of all pages behind the sign-in. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "@yagura/server/shapes.ts";
import { onSignInLost, setCsrf } from "../api.ts";
import { useFormat, useLanguage, useWords, useZone, ZoneProvider } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Banner, ErrorBox } from "../parts/notice.tsx";
import { useGet } from "../queries.ts";
import { useReach } from "../reach.ts";
import { MeProvider, OrganisationProvider, ProviderArea, type SignedIn } from "../session.tsx";
import { useGo, useParams } from "../url-state.ts";
import { HelpDialog } from "./help.tsx";
import { useKeys } from "./keys.ts";
import { Nav } from "./nav.tsx";
import { SearchDialog } from "./search.tsx";
import { TopBar } from "./top-bar.tsx";

const REMEMBERED = "yagura.organisation";

/** Asks who is signed in; sends to the sign-in page when nobody is. */
export function Frame(): ReactNode {
  const me = useGet<Me>("/api/v1/me");
  const go = useGo();
  const client = useQueryClient();
  const address = useRouterState({ select: (state) => state.location.href });
  useEffect(() => onSignInLost(() => void client.invalidateQueries({ queryKey: ["/api/v1/me"] })), [client]);
  if (me.data !== undefined) setCsrf(me.data.csrf);
  const nobody = me.data !== undefined && me.data.user === null;
  useEffect(() => {
    // The address changes once more before this frame leaves the page.
    if (nobody && !address.startsWith("/sign-in"))
      go(`/sign-in?next=${encodeURIComponent(address)}`, { replace: true });
  }, [nobody, go, address]);
  if (me.data === undefined) {
    if (me.error === null) return <Waiting />;
    return (
      <main className="door-main">
        <ErrorBox error={me.error} retry={() => void me.refetch()} />
      </main>
    );
  }
  const { user } = me.data;
  if (user === null) return <Waiting />;
  return <SignedInFrame me={{ ...me.data, user }} />;
}

/** The empty frame, of the same size as the full one. */
const Waiting = (): ReactNode => (
  <div className="frame">
    <div className="top-bar" />
    <div className="nav" />
    <main className="content" />
  </div>
);

function SignedInFrame({ me }: { readonly me: SignedIn }): ReactNode {
  const { organisation: inPath } = useParams();
  const { setLanguage } = useLanguage();
  const remembered = localStorage.getItem(REMEMBERED);
  const known = me.organisations.some((each) => each.id === remembered) || me.providerRole !== null;
  const current = inPath ?? (known ? remembered : null) ?? me.organisations[0]?.id ?? null;
  useEffect(() => {
    if (inPath !== undefined) localStorage.setItem(REMEMBERED, inPath);
  }, [inPath]);
  useEffect(() => {
    if (localStorage.getItem("yagura.language") === null) setLanguage(me.user.language);
  }, [me.user.language, setLanguage]);
  const layout = <Layout inOrganisation={inPath !== undefined} />;
  return (
    <MeProvider value={me}>
      {current === null ? layout : <OrganisationProvider id={current}>{layout}</OrganisationProvider>}
    </MeProvider>
  );
}

type Open = "search" | "switch" | "help" | null;

function Layout({ inOrganisation }: { readonly inOrganisation: boolean }): ReactNode {
  const t = useWords(shell);
  const [open, setOpen] = useState<Open>(null);
  const [navOpen, setNavOpen] = useState(false);
  useKeys({ search: () => setOpen("search"), help: () => setOpen("help") });
  useFocusOnArrival();
  const close = (): void => setOpen(null);
  return (
    <div className={navOpen ? "frame frame-nav-open" : "frame"}>
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <TopBar
        navOpen={navOpen}
        toggleNav={() => setNavOpen(!navOpen)}
        openSearch={() => setOpen("search")}
        openSwitch={() => setOpen("switch")}
        openHelp={() => setOpen("help")}
      />
      <Nav followed={() => setNavOpen(false)} />
      <main className="content" id="content" tabIndex={-1}>
        <OfflineBanner />
        {inOrganisation ? (
          <>
            <Outlet />
            <ZoneNote />
          </>
        ) : (
          <ProviderArea>
            <ZoneProvider zone={new Intl.DateTimeFormat().resolvedOptions().timeZone}>
              <Outlet />
              <ZoneNote />
            </ZoneProvider>
          </ProviderArea>
        )}
      </main>
      {open === "help" ? <HelpDialog close={close} /> : null}
      {open === "search" || open === "switch" ? (
        <SearchDialog close={close} organisationsOnly={open === "switch"} />
      ) : null}
    </div>
  );
}

/** In which zone the page tells times. */
function ZoneNote(): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  return <p className="zone-note">{t("zone.note", { name: format.zoneName, zone: useZone() })}</p>;
}

/** A new page takes the focus, so that the next Tab and the screen reader begin at its content. */
function useFocusOnArrival(): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [path]);
}

function OfflineBanner(): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  const reach = useReach();
  const client = useQueryClient();
  const { online } = reach;
  useEffect(() => {
    if (online) return undefined;
    // What is on screen is brought up to date when the server is back.
    return () => void client.invalidateQueries();
  }, [online, client]);
  if (online) return null;
  return (
    <div className="offline" role="status">
      <Banner state="unknown">{t("offline.banner", { time: format.time(reach.lastAt, "second") })}</Banner>
    </div>
  );
}
