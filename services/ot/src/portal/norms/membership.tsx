/** Taking part in the comparison with others: what leaves, what stays, what it is good for, and the switch (OT-N9). */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, type Fact } from "@yagura/portal/parts/page.tsx";
import { useRefresh } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { NormMembership } from "../../wire/api-norms.ts";
import { useGet } from "../queries.ts";
import { normWords } from "./words.ts";

export function Membership(): ReactNode {
  const t = useWords(normWords);
  const here = useOrganisation();
  const path = here.api("/ot/norms/membership");
  useLive(["ot.norms"], { refresh: [path] });
  return (
    <>
      <p className="soft ot-norms-lead">{t("lead")}</p>
      <Loaded query={useGet<NormMembership>(path)} rows={8}>
        {(membership) => <Shown membership={membership} path={path} />}
      </Loaded>
    </>
  );
}

interface ShownProps {
  readonly membership: NormMembership;
  readonly path: string;
}
function Shown({ membership, path }: ShownProps): ReactNode {
  const t = useWords(normWords);
  const format = useFormat();
  const here = useOrganisation();
  const [asks, setAsks] = useState(false);
  const { limits, takesPart } = membership;
  const numbers = {
    k: format.number(limits.organisations),
    sites: format.number(limits.sites),
    days: format.number(limits.days),
  };
  const state = useStateFacts(membership);
  const texts = (["gives", "stays", "protects", "gets", "ends"] as const).map((name): Fact => ({
    name: t(name),
    value: t(`text.${name}`, numbers),
  }));
  return (
    <>
      <Facts facts={state} />
      <Facts facts={texts} />
      {here.can("ot.write") ? (
        <div className="dialog-actions ot-join">
          <Button kind={takesPart ? "plain" : "primary"} onClick={() => setAsks(true)}>
            {t(takesPart ? "leave" : "join")}
          </Button>
        </div>
      ) : null}
      {asks ? <Asks takesPart={!takesPart} path={path} numbers={numbers} close={() => setAsks(false)} /> : null}
    </>
  );
}

function useStateFacts({
  takesPart,
  since,
  by,
  countedSites,
  sites,
  tokenSites,
  sums,
  limits,
}: NormMembership): Fact[] {
  const t = useWords(normWords);
  const format = useFormat();
  const number = (n: number): string => format.number(n);
  const newest = {
    name: t("sums"),
    value: sums === null ? t("noSums") : format.instant(sums.at),
    note:
      sums === null
        ? undefined
        : sums.organisations === 0
          ? t("sumsFew", { k: number(limits.organisations) })
          : t("sumsOf", { n: number(sums.organisations) }),
  };
  if (!takesPart || since === null) return [{ name: t("state"), value: t("state.off") }, newest];
  return [
    {
      name: t("state"),
      value: t("state.on"),
      note: t("stateSince", { at: format.instant(since), by: (by ?? "").replace(/^user:/, "") }),
    },
    {
      name: t("counted"),
      value:
        countedSites === null
          ? t("countedNone")
          : t("countedOf", { counted: number(countedSites), sites: number(sites) }),
      note: tokenSites === 0 ? undefined : t("tokenSites", { n: tokenSites }),
    },
    newest,
  ];
}

interface AsksProps {
  readonly takesPart: boolean;
  readonly path: string;
  readonly numbers: Readonly<Record<string, string>>;
  readonly close: () => void;
}
function Asks({ takesPart, path, numbers, close }: AsksProps): ReactNode {
  const t = useWords(normWords);
  const refresh = useRefresh();
  const here = useOrganisation();
  return (
    <ConfirmDialog
      title={t(takesPart ? "joinTitle" : "leaveTitle")}
      consequences={
        takesPart ? [t("text.gives", numbers), t("text.stays"), t("text.protects", numbers)] : [t("text.ends")]
      }
      action={t(takesPart ? "join" : "leave")}
      danger={!takesPart}
      close={close}
      run={async () => {
        await api.put(path, { takesPart });
        refresh([path, here.api("/ot/findings"), here.api("/ot/assets")]);
      }}
    />
  );
}
