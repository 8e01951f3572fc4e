/** Puts the portal together: routes from tables, lazy pages, one frame. */
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
  type AnyRoute,
  type AnyRouter,
} from "@tanstack/react-router";
import { StrictMode, useEffect, useMemo, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { alertArea, alertProviderArea } from "./alerts/index.ts";
import { Frame } from "./frame/frame.tsx";
import { organisationRoutes, PortalContext, providerRoutes, type Portal } from "./frame/portal-context.ts";
import { LanguageProvider } from "./language.tsx";
import { officeAreas, officeProviderAreas } from "./office/index.ts";
import { officeSearch } from "./office/search.ts";
import { organisation, provider } from "./pages/routes.ts";
import { Forbidden, Home, NotFound, PageFailed } from "./pages/plain.tsx";
import { Loading } from "./parts/notice.tsx";
import { ToastProvider } from "./parts/toast.tsx";
import type { PageModule, PortalDefinition, PortalRoute } from "./plugin.ts";
import { makeQueryClient } from "./queries.ts";
import { watchReach } from "./reach.ts";
import { useMaybeOrganisation, useProvider } from "./session.tsx";
import { parseSearch, stringifySearch } from "./url-state.ts";
import "./styles/index.css";

type Loadable = ReturnType<typeof lazyRouteComponent>;
const lazy = (load: () => Promise<PageModule>): Loadable => lazyRouteComponent(load, "Page") as Loadable;

/** A page that is shown only with its scope; the code is loaded ahead all the same. */
function guarded(route: PortalRoute): Loadable {
  const Inner = lazy(route.load);
  const Shown = (): ReactNode => {
    const here = useMaybeOrganisation();
    const ofProvider = useProvider();
    return (here ?? ofProvider).can(route.scope) ? <Inner /> : <Forbidden scope={route.scope} />;
  };
  return Object.assign(Shown, { preload: Inner.preload }) as Loadable;
}

function makeRouter(portal: Portal): AnyRouter {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
  const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });
  const leaf = (parent: AnyRoute, path: string, component: Loadable): AnyRoute =>
    createRoute({ getParentRoute: () => parent, path, component } as never) as AnyRoute;
  const inFrame = [
    leaf(frame, "/", Home as Loadable),
    leaf(
      frame,
      "/account",
      lazy(() => import("./pages/account/account-page.tsx")),
    ),
    ...organisationRoutes(portal).map((each) => leaf(frame, `/o/$organisation/${each.path}`, guarded(each))),
    ...providerRoutes(portal).map((each) => leaf(frame, `/provider/${each.path}`, guarded(each))),
  ];
  const tree = root.addChildren([
    leaf(
      root,
      "/sign-in",
      lazy(() => import("./pages/sign-in/sign-in-page.tsx")),
    ),
    frame.addChildren(inFrame),
  ]);
  return createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: () => <Loading rows={8} />,
    defaultPendingMs: 100,
  }) as AnyRouter;
}

function App({ portal }: { readonly portal: Portal }): ReactNode {
  const client = useMemo(() => makeQueryClient(), []);
  const router = useMemo(() => makeRouter(portal), [portal]);
  useEffect(watchReach, []);
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <PortalContext value={portal}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </PortalContext>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

/** Starts the portal in the page's `#root`. */
export function start(definition: PortalDefinition): void {
  const element = document.getElementById("root");
  if (element === null) throw new Error("The page has no element #root");
  const portal: Portal = {
    ...definition,
    own: [alertArea, ...officeAreas, organisation],
    provider: [alertProviderArea, ...officeProviderAreas, provider],
    ownSearch: officeSearch,
  };
  createRoot(element).render(
    <StrictMode>
      <App portal={portal} />
    </StrictMode>,
  );
}
