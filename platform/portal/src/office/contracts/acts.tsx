/** What may be done to a contract now: by its state, by the reader's rights. */
import { useState, type ReactNode } from "react";
import type { ContractDetail } from "@yagura/commerce/contracts/shapes.ts";
import { useWords } from "../../language.tsx";
import { Menu, type MenuItem } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Link } from "../../parts/link.tsx";
import { useOrganisation } from "../../session.tsx";
import { contractWords } from "../words/contracts.ts";
import { ProviderCancelDialog, ResumeDialog, StartDialog, StopDialog } from "./life-dialogs.tsx";
import { isOver } from "./states.ts";
import { TransferDialog } from "./transfer-dialog.tsx";

export interface ActProps {
  readonly contract: ContractDetail;
  /** API path of the contract. */
  readonly path: string;
  readonly close: () => void;
}
type Act = "start" | "stop" | "resume" | "cancelByProvider" | "transfer";
const dialogs: Readonly<Record<Act, (props: ActProps) => ReactNode>> = {
  start: StartDialog,
  stop: StopDialog,
  resume: ResumeDialog,
  cancelByProvider: ProviderCancelDialog,
  transfer: TransferDialog,
};

/** The acts that the state allows; the server has the last word. */
function actsOf(contract: ContractDetail): readonly Act[] {
  if (isOver(contract.state)) return [];
  const stopped = contract.stopped !== null || contract.state === "suspended" || contract.state === "discontinued";
  return [
    ...(contract.serviceStartedOn === null ? (["start"] as const) : []),
    ...(stopped ? (["resume"] as const) : contract.serviceStartedOn === null ? [] : (["stop"] as const)),
    "transfer",
    "cancelByProvider",
  ];
}

export function ContractActs({ contract, path }: Omit<ActProps, "close">): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const [open, setOpen] = useState<Act | null>(null);
  const Shown = open === null ? null : dialogs[open];
  const acts = here.can("contract.write") ? actsOf(contract) : [];
  const items: readonly MenuItem[] = acts.map((act) => ({
    label: t(`act.${act}`),
    danger: act === "cancelByProvider",
    run: () => setOpen(act),
  }));
  const mayOrder = (here.can("application.write") || here.can("contract.write")) && !isOver(contract.state);
  const page = (name: string): string => here.path(`office/contracts/${contract.id}/${name}`);
  return (
    <>
      {mayOrder ? (
        <>
          <Link className="button button-plain" href={page("change")}>
            {t("act.change")}
          </Link>
          <Link className="button button-plain" href={page("cancel")}>
            {t("act.cancel")}
          </Link>
        </>
      ) : null}
      {items.length === 0 ? null : (
        <Menu label={t("act.more")} items={items}>
          <span>{t("act.more")}</span>
          <Icon name="down" size={12} />
        </Menu>
      )}
      {Shown === null ? null : <Shown contract={contract} path={path} close={() => setOpen(null)} />}
    </>
  );
}
